import Foundation
import OCI

@testable import Registry

/// Manifests of tests.
enum Samples {
    static func descriptor(_ blob: Data, type: String) -> String {
        #"{"mediaType":"\#(type)","digest":"\#(Digest(of: blob))","size":\#(blob.count)}"#
    }

    static func manifest(
        config: Data, layers: [Data], type: MediaType = .image, further: String = ""
    ) -> Data {
        let parts = layers.map { descriptor($0, type: "application/vnd.oci.image.layer.v1.tar+gzip") }
        return Data(
            """
            {"schemaVersion":2,"mediaType":"\(type.rawValue)",\(further)
             "config":\(descriptor(config, type: "application/vnd.oci.image.config.v1+json")),
             "layers":[\(parts.joined(separator: ","))]}
            """.utf8)
    }

    /// An index of manifests, by digest and size.
    static func index(_ children: [(digest: String, size: Int)]) -> Data {
        let parts = children.map { child in
            #"{"mediaType":"\#(MediaType.image.rawValue)","digest":"\#(child.digest)","size":\#(child.size),"#
                + #""platform":{"architecture":"amd64","os":"linux"}}"#
        }
        return Data(
            #"{"schemaVersion":2,"mediaType":"\#(MediaType.index.rawValue)","manifests":[\#(parts.joined(separator: ","))]}"#
                .utf8)
    }
}
