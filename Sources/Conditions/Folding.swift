extension Node {
    /// The node, worked out if the request makes no difference to it.
    ///
    /// `false &&` and `&& false` are false whatever stands on the other side, and `true ||` and `|| true` are true.
    var folded: Node {
        switch self {
        case .and(let left, let right) where left.isAlways(false) || right.isAlways(false):
            return .constant(.bool(false))
        case .or(let left, let right) where left.isAlways(true) || right.isAlways(true): return .constant(.bool(true))
        default: break
        }
        guard hasConstantOperands else { return self }
        do throws(EvaluationError) {
            return .constant(try value(for: Attributes(requestTime: nil)))
        } catch {
            return .failing(error)
        }
    }

    private func isAlways(_ value: Bool) -> Bool {
        if case .constant(.bool(value)) = self { true } else { false }
    }

    private var hasConstantOperands: Bool {
        switch self {
        case .constant, .failing, .attribute: false
        case .not(let operand): operand.isConstant
        case .and(let left, let right), .or(let left, let right): left.isConstant && right.isConstant
        case .unary(let operation, let operand): !operation.needsRequest && operand.isConstant
        case .binary(let operation, let left, let right):
            !operation.needsRequest && left.isConstant && right.isConstant
        case .list(let nodes): nodes.allSatisfy(\.isConstant)
        }
    }
}
