import Methods
import Requests
import SwiftProtobuf
import Workload

/// A job as it is stored, with the message that its submitter sent.
struct StoredJob: Sendable {
    let record: JobRecord
    /// With its defaults, without its status.
    let definition: Wire.Job

    init(record: JobRecord, definition: Wire.Job) {
        self.record = record
        self.definition = definition
    }

    /// - Throws: when the record's source is not a job: it was written by something else.
    init(_ record: JobRecord) throws {
        self.init(record: record, definition: try Wire.Job(serializedBytes: record.source))
    }

    /// The texts of its events.
    ///
    /// - Parameter projectNumber: the number of the job's project.
    func texts(projectNumber: String) -> StatusText {
        let name = record.name
        return StatusText(
            job: JobName(project: projectNumber, location: name.location, id: name.id).path, zone: zone)
    }

    private var zone: String { definition.zone(in: record.name.location) }
}

extension Wire.Job {
    /// The first zone that the job may run in.
    ///
    /// - Parameter location: the job's region.
    func zone(in location: String) -> String {
        let prefix = "zones/"
        let allowed = allocationPolicy.location.allowedLocations.first { $0.hasPrefix(prefix) }
        if let allowed { return String(allowed.dropFirst(prefix.count)) }
        return Region.find(location)?.zones.first ?? "\(location)-a"
    }
}
