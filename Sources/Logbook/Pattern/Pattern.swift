/// A regular expression of RE2's kind: found anywhere in a text, in time proportional to the text.
///
/// The standard library's `Regex` backtracks, so that a hostile expression takes exponential time; here all
/// alternatives advance together, scalar by scalar.
struct Pattern: Sendable {
    private static let longestText = 4096
    private static let largestProgram = 2000

    enum Instruction: Sendable {
        case set(ScalarSet)
        case assertion(PatternAssertion)
        case jump(Int)
        case split(Int, Int)
        case match
    }

    private var program: [Instruction] = []
    /// How much work each character of a text may cost.
    var size: Int { program.count }
    private var steps = 0

    /// - Throws: `PatternError` for what RE2 refuses, and for an expression that is too large.
    init(_ text: String) throws(PatternError) {
        guard text.utf8.count <= Self.longestText else {
            throw PatternError("it is longer than \(Self.longestText) bytes")
        }
        try compile(PatternParser.parse(text))
        try add(.match)
    }

    private mutating func add(_ instruction: Instruction) throws(PatternError) {
        guard program.count < Self.largestProgram else { throw PatternError("it is too large") }
        program.append(instruction)
    }

    private mutating func compile(_ node: PatternNode) throws(PatternError) {
        // Repetitions of nothing add no instruction, but they take time.
        steps += 1
        guard steps <= 20 * Self.largestProgram else { throw PatternError("it is too large") }
        switch node {
        case .empty: break
        case .set(let set): try add(.set(set))
        case .assertion(let assertion): try add(.assertion(assertion))
        case .sequence(let nodes): for node in nodes { try compile(node) }
        case .choice(let nodes): try compile(choice: nodes)
        case .repeated(let node, let least, let most):
            for _ in 0..<least { try compile(node) }
            if let most {
                for _ in least..<most { try compile(optional: node) }
            } else {
                let start = program.count
                try compile(optional: node) { [start] in .jump(start) }
            }
        }
    }

    private mutating func compile(choice nodes: [PatternNode]) throws(PatternError) {
        var jumps: [Int] = []
        for node in nodes.dropLast() {
            let split = program.count
            try add(.split(0, 0))
            try compile(node)
            jumps.append(program.count)
            try add(.jump(0))
            program[split] = .split(split + 1, program.count)
        }
        if let last = nodes.last { try compile(last) }
        for jump in jumps { program[jump] = .jump(program.count) }
    }

    private mutating func compile(
        optional node: PatternNode, then last: (() -> Instruction)? = nil
    ) throws(PatternError) {
        let split = program.count
        try add(.split(0, 0))
        try compile(node)
        if let last { try add(last()) }
        program[split] = .split(split + 1, program.count)
    }

    /// Whether the expression is found anywhere in the text.
    func isFound(in text: String) -> Bool {
        var current = Threads(capacity: program.count)
        var upcoming = Threads(capacity: program.count)
        var before: UInt32?
        var scalars = text.unicodeScalars.makeIterator()
        var after = scalars.next()?.value
        while true {
            // An expression is not anchored: a new attempt starts at every position.
            if start(at: 0, &current, before: before, after: after) { return true }
            guard let scalar = after else { return false }
            after = scalars.next()?.value
            for index in current.list {
                guard case .set(let set) = program[index], set.contains(scalar) else { continue }
                if start(at: index + 1, &upcoming, before: scalar, after: after) { return true }
            }
            swap(&current, &upcoming)
            upcoming.removeAll()
            before = scalar
        }
    }

    /// Follows what takes no scalar; true when it reaches a match.
    private func start(at index: Int, _ threads: inout Threads, before: UInt32?, after: UInt32?) -> Bool {
        var open = [index]
        while let index = open.popLast() {
            guard threads.insert(index) else { continue }
            switch program[index] {
            case .match: return true
            case .set: break
            case .jump(let target): open.append(target)
            case .split(let first, let second):
                open.append(second)
                open.append(first)
            case .assertion(let assertion):
                if assertion.holds(before: before, after: after) { open.append(index + 1) }
            }
        }
        return false
    }
}

/// The instructions that wait for the next scalar, each at most once.
private struct Threads {
    private(set) var list: [Int] = []
    private var isIn: [Bool]

    init(capacity: Int) {
        isIn = Array(repeating: false, count: capacity)
        list.reserveCapacity(capacity)
    }

    mutating func insert(_ index: Int) -> Bool {
        guard !isIn[index] else { return false }
        isIn[index] = true
        list.append(index)
        return true
    }

    mutating func removeAll() {
        for index in list { isIn[index] = false }
        list.removeAll(keepingCapacity: true)
    }
}
