/// What is done to bytes that were right.
enum FuzzDamage {
    /// Cuts, flips, doubles or adds some of them.
    static func bytes(_ bytes: [UInt8], _ source: inout FuzzSource) -> [UInt8] {
        guard !bytes.isEmpty else { return [UInt8(truncatingIfNeeded: source.next())] }
        var damaged = bytes
        let place = source.number(0...(bytes.count - 1))
        switch source.number(0...4) {
        case 0: damaged.removeSubrange(place...)
        case 1:
            for _ in 0..<source.number(1...4) {
                damaged[source.number(0...(bytes.count - 1))] ^= 1 << UInt8(source.number(0...7))
            }
        case 2: damaged.insert(contentsOf: [0xFF, 0xC0, 0x80, 0, 0x22].prefix(source.number(1...5)), at: place)
        case 3:
            let end = min(bytes.count, place + source.number(1...50))
            damaged.insert(contentsOf: bytes[place..<end], at: place)
        default: damaged = (0..<source.number(1...200)).map { _ in UInt8(truncatingIfNeeded: source.next()) }
        }
        return damaged
    }

    /// Puts something else in the place of a string or a number of a JSON text.
    static func token(of json: String, _ odd: String, _ source: inout FuzzSource) -> String {
        let starts = json.indices.filter { json[$0] == ":" || json[$0] == "[" }
        guard !starts.isEmpty else { return odd }
        let start = json.index(after: source.pick(starts))
        var end = start
        var isQuoted = false
        while end < json.endIndex, isQuoted || !",]}".contains(json[end]) {
            if json[end] == "\"" { isQuoted.toggle() }
            end = json.index(after: end)
        }
        return json[..<start] + odd + json[end...]
    }
}
