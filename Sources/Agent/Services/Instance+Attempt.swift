import Metadata
import Workload

extension Instance {
    /// What the metadata server of an attempt tells; nil when its plan has no identity.
    init?(_ id: AttemptID, _ plan: Plan) {
        guard let identity = plan.identity else { return nil }
        let machine = TaskInstance(
            jobUID: id.jobUID, index: Int(id.index), attempt: Int(id.attempt), platform: identity.platform)
        self.init(identity: identity, machine: machine, resources: plan.resources)
    }
}
