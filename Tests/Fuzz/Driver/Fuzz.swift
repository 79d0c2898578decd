import Glibc

/// The parser that `LANDFALL_PARSER` names. `scripts/fuzz` sets it: the command line is libFuzzer's own.
private let parser: FuzzedParser = {
    let name = getenv("LANDFALL_PARSER").map { String(cString: $0) } ?? ""
    guard let parser = FuzzedParser.named(name) else {
        fatalError("LANDFALL_PARSER must be one of \(FuzzedParser.all.map(\.name).joined(separator: " "))")
    }
    return parser
}()

/// What libFuzzer calls for every input; its runtime has the program's `main`.
@_cdecl("LLVMFuzzerTestOneInput")
func test(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    do {
        try parser.run(Array(UnsafeBufferPointer(start: data, count: size)))
    } catch {
        fatalError("\(error)")
    }
    return 0
}
