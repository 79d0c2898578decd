import SwiftASN1
import X509

/// The names that an authority may certify: domains with everything below them, `localhost`, and the loopback
/// addresses.
struct AuthorityNames: Sendable {
    private let domains: [String]

    init(domains: [String]) {
        self.domains = (domains.map { $0.lowercased() } + ["localhost"])
    }

    private static let addresses: [String: [UInt8]] = [
        "127.0.0.1": [127, 0, 0, 1],
        "::1": [UInt8](repeating: 0, count: 15) + [1],
    ]

    /// The constraints for the authority's own certificate (RFC 5280, 4.2.1.10): an address is followed by its mask.
    var constraints: NameConstraints {
        let ranges = Self.addresses.values.sorted { $0.count < $1.count }.map {
            ASN1OctetString(contentBytes: ArraySlice($0 + [UInt8](repeating: 255, count: $0.count)))
        }
        return NameConstraints(permittedDNSDomains: domains, permittedIPRanges: ranges)
    }

    /// A name as it stands in a certificate; nil when the authority may not certify it.
    func subject(_ name: String) -> GeneralName? {
        if let address = Self.addresses[name] {
            return .ipAddress(ASN1OctetString(contentBytes: ArraySlice(address)))
        }
        let name = name.lowercased()
        guard Self.isHostName(name), domains.contains(where: { name == $0 || name.hasSuffix("." + $0) }) else {
            return nil
        }
        return .dnsName(name)
    }

    /// Labels of letters, digits and hyphens, none at the ends (RFC 1123, 2.1); no wildcards.
    private static func isHostName(_ name: String) -> Bool {
        let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let hyphen = UInt8(ascii: "-")
        return name.utf8.count <= 253
            && labels.allSatisfy { label in
                (1...63).contains(label.count) && label.first != hyphen && label.last != hyphen
                    && label.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == hyphen }
            }
    }
}
