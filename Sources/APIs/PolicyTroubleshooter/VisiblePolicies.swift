import Access
import Methods

/// Which of the policies that an answer rests on its caller may read.
struct VisiblePolicies: Sendable {
    /// Those whose allow policy the caller may read.
    let allow: Set<Resource>
    /// Those whose deny policies the caller may read.
    let deny: Set<Resource>

    init(_ question: Question, for call: Call) async throws {
        var allow: Set<Resource> = []
        var deny: Set<Resource> = []
        for holder in question.holders {
            if let reading = holder.policyReading, try await call.mayUse(reading, on: holder) { allow.insert(holder) }
            if holder.kind.isContainer, try await call.mayUse("iam.denypolicies.get", on: holder) {
                deny.insert(holder)
            }
        }
        self.allow = allow
        self.deny = deny
    }

    /// Whether they are all allow policies that count. A resource that does not exist looks like one whose policies are
    /// hidden.
    func isComplete(for question: Question) -> Bool {
        !question.holders.isEmpty && allow.isSuperset(of: question.holders)
    }
}
