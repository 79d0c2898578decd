import Metadata

/// The variables by which programs in a task find its metadata server and Landfall: each library reads some of its own.
enum ServiceEnvironment {
    static let variables: [String: String] = {
        let metadata = "169.254.169.254"
        let proxy = "http://\(metadata):\(TaskListener.proxyPort)"
        let direct = "127.0.0.1,localhost,::1,\(metadata),metadata.google.internal,metadata"
        return [
            // Google's library for Python takes two of them, gcloud the third.
            "GCE_METADATA_HOST": metadata, "GCE_METADATA_IP": metadata, "GCE_METADATA_ROOT": metadata,
            // The lower-case names are what gRPC reads, the upper-case ones what Go does.
            "https_proxy": proxy, "HTTPS_PROXY": proxy, "no_proxy": direct, "NO_PROXY": direct,
            "SSL_CERT_FILE": TrustFiles.bundle, "REQUESTS_CA_BUNDLE": TrustFiles.bundle,
            "CURL_CA_BUNDLE": TrustFiles.bundle, "HTTPLIB2_CA_CERTS": TrustFiles.bundle,
            "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH": TrustFiles.bundle,
            "CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE": TrustFiles.bundle,
            "NODE_EXTRA_CA_CERTS": TrustFiles.authority,
            "CLOUDSDK_CORE_DISABLE_USAGE_REPORTING": "true", "CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK": "true",
            "CLOUDSDK_SURVEY_DISABLE_PROMPTS": "true",
        ]
    }()
}
