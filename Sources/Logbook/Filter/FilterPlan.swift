/// A filter taken apart at its outermost `AND`, by what each part needs to know of an entry: the less, the sooner
/// entries that do not match are passed over.
struct FilterPlan: Sendable {
    /// Times outside cannot match, in nanoseconds since 1970.
    private(set) var times = (Int64.min + 1)...(Int64.max - 1)
    /// No time at all can match.
    private(set) var isEmpty = false
    /// The only values that the label `job_uid` may have, in any case of letters; nil when it may have others.
    private(set) var jobs: [String]?
    /// Parts that need the log's name, the resource's type and the label `job_uid`.
    private(set) var series: [Expression] = []
    /// Parts that need the log's name, the resource and the labels.
    private(set) var streams: [Expression] = []
    /// Parts that need the severity.
    private(set) var severities: [Expression] = []
    /// Parts that need the whole entry.
    private(set) var entries: [Expression] = []

    init(_ expression: Expression) { add(expression) }

    private mutating func add(_ part: Expression) {
        if case .all(let parts) = part {
            for part in parts { add(part) }
            return
        }
        if narrowTimes(by: part) { return }
        if jobs == nil { jobs = Self.jobs(in: part) }
        switch Scope(of: part) {
        case .nothing, .entry: entries.append(part)
        case .series: series.append(part)
        case .stream: streams.append(part)
        case .severity: severities.append(part)
        }
    }

    /// Takes in a comparison of the entry's time; false when the part is something else.
    private mutating func narrowTimes(by part: Expression) -> Bool {
        guard case .comparison(let comparison) = part, case .attribute(let attribute) = comparison.field,
            attribute.path == "timestamp", let time = comparison.operand.time
        else { return false }
        var (lower, upper) = (times.lowerBound, times.upperBound)
        switch comparison.relation {
        case .equal: (lower, upper) = (max(lower, time), min(upper, time))
        case .greaterOrEqual: lower = max(lower, time)
        case .greater: lower = time == .max ? time : max(lower, time + 1)
        case .lessOrEqual: upper = min(upper, time)
        case .less: upper = time == .min ? time : min(upper, time - 1)
        default: return false
        }
        isEmpty = isEmpty || lower > upper
        if !isEmpty { times = lower...upper }
        return true
    }

    /// The values of a comparison of `labels.job_uid`, or of several in an `OR`.
    private static func jobs(in part: Expression) -> [String]? {
        switch part {
        case .comparison(let comparison):
            guard case .labels("job_uid") = comparison.field, comparison.relation == .equal,
                comparison.operand.text.utf8.allSatisfy({ $0 < 0x80 })
            else { return nil }
            return [comparison.operand.text]
        case .any(let parts):
            let lists = parts.map(jobs)
            guard lists.allSatisfy({ $0 != nil }) else { return nil }
            return lists.flatMap { $0 ?? [] }
        default: return nil
        }
    }
}

/// How much of an entry must be known to decide an expression.
private enum Scope {
    case nothing
    case series
    case stream
    case severity
    case entry

    init(of expression: Expression) {
        switch expression {
        case .all(let parts), .any(let parts): self = parts.reduce(.nothing) { $0.joined(Scope(of: $1)) }
        case .not(let part): self = Scope(of: part)
        case .comparison(let comparison): self = Scope(of: comparison.field)
        case .exists(let field): self = Scope(of: field)
        case .search: self = .entry
        case .function(.logID), .function(.source): self = .series
        case .function: self = .entry
        }
    }

    private init(of field: Field) {
        switch field {
        case .attribute(let attribute):
            switch attribute.path {
            case "logName", "resource.type": self = .series
            case "severity": self = .severity
            default: self = .entry
            }
        case .labels("job_uid"): self = .series
        case .labels, .resourceLabels, .resource: self = .stream
        default: self = .entry
        }
    }

    private func joined(_ other: Scope) -> Scope {
        switch (self, other) {
        case (.nothing, let scope), (let scope, .nothing): scope
        case (.series, .series): .series
        case (.series, .stream), (.stream, .series), (.stream, .stream): .stream
        case (.severity, .severity): .severity
        default: .entry
        }
    }
}
