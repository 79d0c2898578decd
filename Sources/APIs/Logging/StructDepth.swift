import SwiftProtobuf

extension Google_Protobuf_Struct {
    /// How many objects and lists may enclose a value, the outermost included.
    ///
    /// Each takes three messages on the wire, and decoders of protobuf stop at a hundred.
    static let deepest = 30

    /// Whether every client can decode it.
    var isReadable: Bool { isReadable(levels: Self.deepest) }

    fileprivate func isReadable(levels: Int) -> Bool {
        fields.isEmpty || (levels > 0 && fields.values.allSatisfy { $0.isReadable(levels: levels - 1) })
    }
}

extension Google_Protobuf_Value {
    fileprivate func isReadable(levels: Int) -> Bool {
        switch kind {
        case .structValue(let object)?: object.isReadable(levels: levels)
        case .listValue(let list)?:
            list.values.isEmpty || (levels > 0 && list.values.allSatisfy { $0.isReadable(levels: levels - 1) })
        default: true
        }
    }
}
