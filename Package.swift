// swift-tools-version:6.2
import PackageDescription

// Targets from the street down to the cellar; each imports only what stands below it.
// docs/architecture.md draws the graph from this file (scripts/architecture-graph).

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]
/// A program of C alone: without Swift's runtime and linked statically, so that copying its process costs little.
let bare: [LinkerSetting] = [
    .unsafeFlags([
        "-use-ld=lld", "-static-stdlib", "-nostartfiles", "-Xclang-linker", "-static", "-Xclang-linker",
        "-Wno-unused-command-line-argument",
    ])
]
/// As above, with libraries of Debian's that are linked dynamically.
let bareShared: [LinkerSetting] = [
    .unsafeFlags([
        "-use-ld=lld", "-static-stdlib", "-nostartfiles", "-Xclang-linker", "-Wno-unused-command-line-argument",
    ]), .linkedLibrary("archive"), .linkedLibrary("nettle"),
]
let cStrict: [CSetting] = [.unsafeFlags(["-Wall", "-Wextra", "-Werror", "-std=gnu17"])]

// Products of other packages, by the names they are used under below.
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let grpcCore = Target.Dependency.product(name: "GRPCCore", package: "grpc-swift-2")
let grpcProtobuf = Target.Dependency.product(name: "GRPCProtobuf", package: "grpc-swift-protobuf")
let grpcTransport = Target.Dependency.product(name: "GRPCNIOTransportHTTP2", package: "grpc-swift-nio-transport")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let nioHTTPTypesHTTP2 = Target.Dependency.product(name: "NIOHTTPTypesHTTP2", package: "swift-nio-extras")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let nioHTTP2 = Target.Dependency.product(name: "NIOHTTP2", package: "swift-nio-http2")
let nioHPACK = Target.Dependency.product(name: "NIOHPACK", package: "swift-nio-http2")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let asyncAlgorithms = Target.Dependency.product(name: "AsyncAlgorithms", package: "swift-async-algorithms")
let collections = Target.Dependency.product(name: "Collections", package: "swift-collections")
let hashTrees = Target.Dependency.product(name: "HashTreeCollections", package: "swift-collections")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let x509 = Target.Dependency.product(name: "X509", package: "swift-certificates")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

/// A Swift target of Landfall's under `Sources/`.
func house(_ name: String, path: String? = nil, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, path: path, swiftSettings: strict)
}

/// The tests of one target, under `Tests/`.
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, exclude: exclude, swiftSettings: strict,
        linkerSettings: [.unsafeFlags(["-use-ld=lld"])])
}

/// The parsers that take strangers' bytes: beneath libFuzzer with LANDFALL_FUZZ (scripts/fuzz), else as a test that
/// reads what it found again.
let fuzzing: [Target] = {
    let dependencies: [Target.Dependency] = [
        "Gateway", "Images", "OCI", "Batch", "CloudRun", "Requests", "LoggingAPI", "OSLoginAPI", "ResourceManager",
        "ServiceUsage",
        "OAuth",
        "Methods", "Dispatcher", "Identity", "IAM", "IdentityPoolsAPI", "DenyPolicies", "OrgPolicy", "Logbook",
        "Access",
        "Conditions", "Store", "Workload", "Schema", protobuf, httpTypes, nioCore,
    ]
    guard Context.environment["LANDFALL_FUZZ"] != nil else {
        return [
            .testTarget(
                name: "FuzzTests", dependencies: dependencies, path: "Tests/Fuzz",
                exclude: ["Driver", "corpora"], swiftSettings: strict,
                linkerSettings: [.unsafeFlags(["-use-ld=lld"])])
        ]
    }
    return [
        .executableTarget(
            name: "fuzz", dependencies: dependencies, path: "Tests/Fuzz", exclude: ["Replay", "corpora"],
            swiftSettings: strict)
    ]
}()

let package = Package(
    name: "landfall",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "landfall", targets: ["landfall"]),
        .executable(name: "landfall-launcher", targets: ["landfall-launcher"]),
        .executable(name: "landfall-unpack", targets: ["landfall-unpack"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
        .package(url: "https://github.com/apple/swift-async-algorithms", exact: "1.1.4"),
        .package(url: "https://github.com/apple/swift-certificates", exact: "1.21.1"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-http2", exact: "1.46.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/grpc/grpc-swift-2", exact: "2.4.3"),
        .package(url: "https://github.com/grpc/grpc-swift-nio-transport", exact: "2.9.2"),
        .package(url: "https://github.com/grpc/grpc-swift-protobuf", exact: "2.4.1"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
    ],
    targets: [
        // The command, and what puts the parts together.
        .executableTarget(
            name: "landfall",
            dependencies: [
                "Server", "Agent", "Fleet", "Images", "OCI", "Requests", "Sandbox", "Schema", argumentParser,
                httpClient,
                yams, logging, crypto, nioCore, nioPosix, nioHTTP1, protobuf,
            ],
            swiftSettings: strict, linkerSettings: [.unsafeFlags(["-use-ld=lld"])]),
        house(
            "Server",
            [
                "Gateway", "Batch", "CloudRun", "IAM", "LoggingAPI", "OSLoginAPI", "ResourceManager", "OrgPolicy",
                "ServiceUsage", "PolicyTroubleshooter", "ArtifactRegistry", "DockerRegistry", "Registry",
                "SecretManager", "Secrets", "Credentials", "TaskCredentialsAPI",
                "Control", "OAuth", "Audit", "Denials", "Requests", "Methods", "Schema",
                "Dispatcher", "Identity",
                "Federation", "Directory", "Access", "Workload", "Logbook", "Store", "CLinux", hummingbirdCore,
                httpClient, httpTypes, nioCore, logging, lifecycle, unixSignals,
            ]),

        // The one port.
        house(
            "Gateway",
            [
                "Methods", "Access", "Schema", "Tunnels", hummingbirdCore, httpTypes, nioCore, nioPosix, nioHTTP1,
                nioHTTPTypes, nioHTTPTypesHTTP2, nioTLS, nioHTTP2, nioSSL, asyncAlgorithms, collections, protobuf,
                logging, lifecycle,
            ]),

        // One target per API.
        house(
            "Batch", path: "Sources/APIs/Batch",
            [
                "Requests", "Methods", "Schema", "Dispatcher", "Workload", "Directory", "Access", "Store", "OCI",
                protobuf,
            ]),
        house(
            "CloudRun", path: "Sources/APIs/CloudRun",
            [
                "Requests", "Methods", "Schema", "PolicyAPI", "Dispatcher", "Workload", "Directory", "Access", "Store",
                "OCI", protobuf,
            ]),
        house("LoggingAPI", path: "Sources/APIs/Logging", ["Methods", "Schema", "Logbook", "Access", protobuf]),
        house(
            "ResourceManager", path: "Sources/APIs/ResourceManager",
            ["Methods", "Schema", "PolicyAPI", "OrgPolicy", "Identity", "Directory", "Access", protobuf]),
        house(
            "ServiceUsage", path: "Sources/APIs/ServiceUsage", ["Methods", "Schema", "Directory", "Access", protobuf]),
        house(
            "OSLoginAPI", path: "Sources/APIs/OSLogin",
            ["Methods", "Schema", "Identity", "Directory", "Access", "Workload", protobuf]),
        house(
            "Control", path: "Sources/APIs/Control", ["Methods", "Schema", "Directory", "Access", "Identity", protobuf]),
        house(
            "PolicyTroubleshooter", path: "Sources/APIs/PolicyTroubleshooter",
            ["Methods", "Schema", "PolicyAPI", "Directory", "Access", protobuf]),
        house(
            "DenyPolicies", path: "Sources/APIs/DenyPolicies",
            ["Methods", "Schema", "PolicyAPI", "Directory", "Access", protobuf]),
        house(
            "OrgPolicy", path: "Sources/APIs/OrgPolicy",
            ["Methods", "Schema", "PolicyAPI", "Directory", "Access", protobuf]),
        house(
            "IAM", path: "Sources/APIs/IAM",
            [
                "Methods", "Schema", "PolicyAPI", "DenyPolicies", "IdentityPoolsAPI", "Identity", "Directory", "Access",
                "Conditions", protobuf,
            ]),
        house(
            "IdentityPoolsAPI", path: "Sources/APIs/IdentityPools",
            [
                "Methods", "Schema", "PolicyAPI", "Identity", "Federation", "Directory", "Access", protobuf, crypto,
            ]),
        house(
            "ArtifactRegistry", path: "Sources/APIs/ArtifactRegistry",
            ["Requests", "Methods", "Schema", "PolicyAPI", "Registry", "OCI", "Directory", "Access", protobuf]),
        house(
            "DockerRegistry", path: "Sources/APIs/DockerRegistry",
            [
                "Requests", "Methods", "Registry", "OCI", "Identity", "Directory", "Access", hummingbirdCore, httpTypes,
                nioCore,
                systemPackage, logging,
            ]),
        house("Requests", path: "Sources/APIs/Requests", ["Methods", "Schema", "Directory", "Access", protobuf]),
        house(
            "SecretManager", path: "Sources/APIs/SecretManager",
            ["Requests", "Methods", "Schema", "PolicyAPI", "Secrets", "Directory", "Access", "Workload", protobuf]),
        house("PolicyAPI", path: "Sources/APIs/Policy", ["Methods", "Schema", "Directory", "Access"]),
        house("OAuth", path: "Sources/APIs/OAuth", ["Identity", "Federation", "Access", crypto]),
        house(
            "TaskCredentialsAPI", path: "Sources/APIs/TaskCredentials",
            [
                "Methods", "Schema", "SecretManager", "Dispatcher", "Identity", "Directory", "Access", "Workload",
                protobuf,
            ]),
        house(
            "Credentials", path: "Sources/APIs/Credentials", ["Methods", "Schema", "Identity", "Access", protobuf]),

        // What callers did.
        house("Audit", ["Methods", "Access", "Logbook", "Schema", protobuf, logging]),
        house("Denials", ["Methods", "Access", "Migration", "Schema", grdb, protobuf, logging]),

        // What a method is.
        house("Methods", ["Schema", "Access", protobuf]),

        // The engine.
        house("Dispatcher", ["Workload", "Store", "Schema", logging, collections, protobuf]),
        house("Logbook", ["Schema", "Migration", grdb, protobuf]),
        house("Secrets", ["Migration", grdb, crypto, systemPackage]),
        house("Registry", ["OCI", "Migration", grdb, crypto, nioCore, nioPosix, systemPackage]),
        house(
            "Identity",
            [
                "Access", "Directory", "Store", "Workload", "Federation", "WebTokens", crypto, cryptoExtras, x509, asn1,
            ]),
        house("Federation", ["Access", "Conditions", "WebTokens", crypto, cryptoExtras]),
        house("Store", ["Access", "Directory", "Workload", "Migration", grdb]),
        house("Directory", ["Access", hashTrees]),
        house("Migration", [grdb]),
        house("Conditions", []),
        house("WebTokens", []),
        house("Access", ["Conditions", "PredefinedRoles"]),
        house("Workload", []),
        house("OCI", [crypto]),

        // On a node.
        house("Fleet", ["CLinux", systemPackage, logging]),
        house(
            "Agent",
            [
                "Images", "OCI", "Metadata", "Sandbox", "Workload", "Schema", "CLinux", grpcCore, grpcProtobuf,
                grpcTransport, protobuf, logging, collections, systemPackage,
            ]),
        house(
            "Images",
            [
                "OCI", "CLinux", "CSandbox", httpClient, nioCore, nioHTTP1, nioSSL, crypto, systemPackage, logging,
            ]),
        .executableTarget(name: "landfall-unpack", cSettings: cStrict, linkerSettings: bareShared),
        house("Metadata", ["Workload", "Tunnels", nioCore, nioPosix, nioHTTP1, systemPackage]),
        house("Tunnels", [nioCore]),
        house("Sandbox", ["CSandbox", "LauncherProtocol", systemPackage]),
        .target(
            name: "PredefinedRoles", exclude: ["permissions.txt", "roles"],
            cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror", "-std=gnu23"])]),
        .target(name: "CLinux", cSettings: cStrict),
        .target(name: "CSandbox", cSettings: cStrict),
        .target(name: "LauncherProtocol", cSettings: cStrict),
        .executableTarget(
            name: "landfall-launcher", dependencies: ["LauncherProtocol"], cSettings: cStrict, linkerSettings: bare),

        // Messages of the wire, generated from Protos/ by scripts/generate-schema.
        .target(name: "Schema", dependencies: [protobuf]),

        // What tests of several targets need.
        .target(
            name: "TestSupport", dependencies: [subprocess, systemPackage], path: "Tests/Support",
            swiftSettings: strict),

        // Jobs that are in memory alone.
        .target(
            name: "JobSupport", dependencies: ["Dispatcher", "Store", "Workload"], path: "Tests/JobSupport",
            swiftSettings: strict),

        // Service accounts and keys of a test's own.
        .target(
            name: "CredentialSupport",
            dependencies: ["Identity", "Federation", "Access", "Store", "WebTokens", crypto],
            path: "Tests/CredentialSupport", swiftSettings: strict),

        // Programs of scripts/bench.
        .executableTarget(
            name: "AccessRate", dependencies: ["Access"], path: "Tests/AccessRate", swiftSettings: strict,
            linkerSettings: [.unsafeFlags(["-use-ld=lld"])]),
        .executableTarget(
            name: "SandboxRate", dependencies: ["Sandbox", systemPackage], path: "Tests/SandboxRate",
            swiftSettings: strict, linkerSettings: [.unsafeFlags(["-use-ld=lld"])]),
        // Images that tests make up.
        .target(
            name: "ImageSupport", dependencies: ["OCI"], path: "Tests/ImageSupport", swiftSettings: strict),
        .executableTarget(
            name: "ImageRate", dependencies: ["Images", "OCI", logging], path: "Tests/ImageRate", swiftSettings: strict,
            linkerSettings: [.unsafeFlags(["-use-ld=lld"])]),

        .target(
            name: "DirectorySupport", dependencies: ["Directory", "Access", "Methods", protobuf],
            path: "Tests/DirectorySupport",
            swiftSettings: strict),

        tests("AccessTests", ["Access"]),
        tests("DirectoryTests", ["Directory", "DirectorySupport", "Access"]),
        tests("ConditionsTests", ["Conditions"]),
        tests("FederationTests", ["Federation", "Access", "Conditions", "WebTokens", "CredentialSupport", crypto]),
        tests("WorkloadTests", ["Workload"]),
        tests("OCITests", ["OCI"]),
        tests("StoreTests", ["Store", "Migration", "Directory", "Access", "Workload", grdb]),
        tests(
            "OSLoginTests",
            [
                "OSLoginAPI", "Identity", "Directory", "DirectorySupport", "Methods", "Access", "Schema", "Workload",
                protobuf,
            ]),
        tests(
            "IdentityTests",
            [
                "Identity", "Directory", "DirectorySupport", "Access", "Store", "Workload", "TestSupport",
                "CredentialSupport", x509, asn1, crypto,
            ]),
        tests("LogbookTests", ["Logbook", "LoggingAPI", "Methods", "Access", "Schema", protobuf]),
        tests("AuditTests", ["Audit", "Logbook", "Methods", "Access", "Schema", protobuf, logging]),
        tests("DenialsTests", ["Denials", "Methods", "Access", "Schema", protobuf, logging]),
        tests("DispatcherTests", ["Dispatcher", "Store", "Workload", "Schema", protobuf, logging]),
        tests(
            "GatewayTests",
            [
                "Gateway", "Tunnels", "Identity", "Methods", "Access", "Schema", "TestSupport", httpClient,
                hummingbirdCore, httpTypes, protobuf, nioCore, nioPosix, nioHTTP1, nioHPACK, nioSSL, grpcCore,
                grpcProtobuf, grpcTransport, lifecycle, logging,
            ]),
        tests(
            "BatchTests",
            [
                "Batch", "Requests", "Methods", "Dispatcher", "Directory", "DirectorySupport", "JobSupport", "Store",
                "Workload", "Access", "Schema", protobuf,
            ]),
        tests(
            "CloudRunTests",
            [
                "CloudRun", "Requests", "Methods", "Dispatcher", "Directory", "DirectorySupport", "Store", "Workload",
                "Access", "PolicyAPI", "Schema", protobuf,
            ]),
        tests(
            "ResourceTests",
            [
                "ResourceManager", "OrgPolicy", "DenyPolicies", "PolicyTroubleshooter", "ServiceUsage", "Control",
                "Identity",
                "Methods",
                "Directory", "DirectorySupport", "Access", "Store", "Schema", protobuf,
            ]),
        tests(
            "IAMTests",
            [
                "IAM", "Identity", "Federation", "Methods", "Directory", "DirectorySupport", "Access", "Store",
                "Schema",
                protobuf,
            ]),
        tests("OAuthTests", ["OAuth", "Identity", "Federation", "Access", "CredentialSupport"]),
        tests(
            "CredentialsTests",
            [
                "Credentials", "TaskCredentialsAPI", "SecretManager", "Dispatcher", "Identity", "Methods", "Access",
                "Workload", "Schema", "CredentialSupport", protobuf,
            ]),
        tests(
            "ImagesTests",
            ["Images", "OCI", "ImageSupport", "landfall-unpack", "TestSupport", nioCore, nioPosix, nioHTTP1, logging]),
        tests("MetadataTests", ["Metadata", "Workload", "TestSupport", nioCore, nioPosix, systemPackage]),
        tests("SandboxTests", ["Sandbox", "TestSupport", systemPackage]),
        tests(
            "AgentTests",
            [
                "Agent", "Images", "OCI", "Metadata", "Fleet", "Sandbox", "Workload", "Schema", grpcCore, grpcTransport,
                grpcProtobuf, systemPackage, logging,
            ]),
        tests(
            "RegistryTests",
            [
                "Registry", "OCI", "DockerRegistry", "ArtifactRegistry", "Methods", "Directory", "DirectorySupport",
                "Access", "Schema", protobuf, hummingbirdCore, httpTypes, nioCore, logging,
            ]),
        tests(
            "SecretTests",
            [
                "SecretManager", "Secrets", "Methods", "Directory", "DirectorySupport", "Access", "Workload", "Schema",
                protobuf,
            ]),
        tests(
            "ServerTests",
            [
                "Server", "Gateway", "Dispatcher", "Identity", "Federation", "Methods", "Directory",
                "DirectorySupport", "CredentialSupport", "DockerRegistry", "Access", "Store", "Schema", "TestSupport",
                hummingbirdCore, httpTypes, nioCore,
                nioPosix, protobuf, logging, lifecycle, grpcCore, grpcTransport,
            ]),
        tests(
            "CommandTests", ["landfall", "OCI", "ImageSupport", "Requests", "Schema", "Server", argumentParser]),
        tests(
            "ConformanceTests",
            [
                "landfall", "landfall-launcher", "landfall-unpack", "Images", "OCI", "ImageSupport", "Server",
                "Directory",
                "DirectorySupport", "Access", "Store",
                "TestSupport", "CredentialSupport", "Schema", grpcCore, grpcProtobuf, grpcTransport, protobuf,
            ],
            exclude: ["attacks", "clients", "images"]),
    ] + fuzzing,
    swiftLanguageModes: [.v6]
)
