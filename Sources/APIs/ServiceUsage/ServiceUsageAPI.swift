import Access
import Directory
import FoundationEssentials
import Methods
import Schema
import SwiftProtobuf

/// Service Usage: which services a project has enabled.
public struct ServiceUsageAPI: Sendable {
    private static let name = "google.api.serviceusage.v1.ServiceUsage"
    /// Services that can be enabled at a time.
    private static let maximumEnabled = 20
    /// Services that can be asked for at a time.
    private static let maximumRead = 30

    private let directory: Directory

    /// The API over a directory.
    ///
    /// - Parameter directory: where it is kept which services projects have enabled.
    public static func api(directory: Directory) -> API {
        let methods = ServiceUsageAPI(directory: directory)
        return API(
            service: "serviceusage.googleapis.com", title: "Service Usage API", mustBeEnabled: false,
            methods: [
                methods.enable, methods.disable, methods.get, methods.list, methods.batchEnable, methods.batchGet,
                methods.getOperation,
            ])
    }

    private var enable: any Method {
        UnaryMethod<Google_Api_Serviceusage_V1_EnableServiceRequest, Google_Longrunning_Operation>(
            "\(Self.name).EnableService", .post("/v1/{name=*/*/services/*}:enable", body: "*"),
            access: .permission("serviceusage.services.enable", on: { .project(try ServiceName($0.name).project) })
        ) { request, call in
            let name = try ServiceName(request.name)
            try ServiceError.checkKnown([name.service])
            let services = try ProjectServices(name.project, in: directory, for: call)
            try await enable([name.service], in: services.project, at: call.time)
            let service = services.message(name.service, isEnabled: true)
            return try Self.done(
                Google_Api_Serviceusage_V1_EnableServiceResponse.with { $0.service = service }, [service])
        }
    }

    private var disable: any Method {
        UnaryMethod<Google_Api_Serviceusage_V1_DisableServiceRequest, Google_Longrunning_Operation>(
            "\(Self.name).DisableService", .post("/v1/{name=*/*/services/*}:disable", body: "*"),
            access: .permission("serviceusage.services.disable", on: { .project(try ServiceName($0.name).project) })
        ) { request, call in
            let name = try ServiceName(request.name)
            try ServiceError.checkKnown([name.service])
            let services = try ProjectServices(name.project, in: directory, for: call)
            guard services.enabled.contains(name.service) else {
                throw ServiceError.failedPrecondition(
                    "Service \(name.service) is not enabled in project \(services.project.id).")
            }
            try await directory.change { try $0.disable([name.service], inProject: services.project.id) }
            let service = services.message(name.service, isEnabled: false)
            return try Self.done(
                Google_Api_Serviceusage_V1_DisableServiceResponse.with { $0.service = service }, [service])
        }
    }

    private var get: any Method {
        UnaryMethod<Google_Api_Serviceusage_V1_GetServiceRequest, Google_Api_Serviceusage_V1_Service>(
            "\(Self.name).GetService", .get("/v1/{name=*/*/services/*}"),
            access: .permission("serviceusage.services.get", on: { .project(try ServiceName($0.name).project) })
        ) { request, call in
            let name = try ServiceName(request.name)
            try ServiceError.checkKnown([name.service])
            return try ProjectServices(name.project, in: directory, for: call).message(name.service)
        }
    }

    private var list: any Method {
        UnaryMethod<Google_Api_Serviceusage_V1_ListServicesRequest, Google_Api_Serviceusage_V1_ListServicesResponse>(
            "\(Self.name).ListServices", .get("/v1/{parent=*/*}/services"),
            access: .permission("serviceusage.services.list", on: { try Self.project($0.parent) })
        ) { request, call in
            let project = try ServiceName.project(request.parent, field: "parent")
            let services = try ProjectServices(project, in: directory, for: call)
            let page = try ServicePage(request, of: services)
            return .with {
                $0.services = page.names.map { services.message($0) }
                $0.nextPageToken = page.nextToken
            }
        }
    }

    private var batchEnable: any Method {
        UnaryMethod<Google_Api_Serviceusage_V1_BatchEnableServicesRequest, Google_Longrunning_Operation>(
            "\(Self.name).BatchEnableServices", .post("/v1/{parent=*/*}/services:batchEnable", body: "*"),
            access: .permission("serviceusage.services.enable", on: { try Self.project($0.parent) })
        ) { request, call in
            guard (1...Self.maximumEnabled).contains(request.serviceIds.count) else {
                throw ServiceError.invalidArgument(
                    "1 to \(Self.maximumEnabled) services can be enabled at a time.", field: "service_ids")
            }
            // All are checked before the first is enabled.
            try ServiceError.checkKnown(request.serviceIds)
            let project = try ServiceName.project(request.parent, field: "parent")
            let services = try ProjectServices(project, in: directory, for: call)
            try await enable(Set(request.serviceIds), in: services.project, at: call.time)
            let messages = request.serviceIds.map { services.message($0, isEnabled: true) }
            return try Self.done(
                Google_Api_Serviceusage_V1_BatchEnableServicesResponse.with { $0.services = messages }, messages)
        }
    }

    private var batchGet: any Method {
        UnaryMethod<
            Google_Api_Serviceusage_V1_BatchGetServicesRequest, Google_Api_Serviceusage_V1_BatchGetServicesResponse
        >(
            "\(Self.name).BatchGetServices", .get("/v1/{parent=*/*}/services:batchGet"),
            access: .permission("serviceusage.services.get", on: { try Self.project($0.parent) })
        ) { request, call in
            guard (1...Self.maximumRead).contains(request.names.count) else {
                throw ServiceError.invalidArgument(
                    "1 to \(Self.maximumRead) services can be read at a time.", field: "names")
            }
            let project = try ServiceName.project(request.parent, field: "parent")
            let services = try ProjectServices(project, in: directory, for: call)
            let names = try request.names.map { name in
                let name = try ServiceName(name, field: "names")
                guard [project, services.project.id, services.project.number].contains(name.project) else {
                    throw ServiceError.invalidArgument("All services must be of the parent.", field: "names")
                }
                return name.service
            }
            try ServiceError.checkKnown(names)
            return .with { $0.services = names.map { services.message($0) } }
        }
    }

    private var getOperation: any Method {
        UnaryMethod<Google_Longrunning_GetOperationRequest, Google_Longrunning_Operation>(
            "google.longrunning.Operations.GetOperation", .get("/v1/{name=\(Self.operationName)}"),
            access: .anyCaller("every operation is done when it is answered, and this one holds nothing")
        ) { request, _ in
            guard request.name == Self.operationName else {
                throw ServiceError.notFound("Operation '\(request.name)' was not found.")
            }
            let response = try Google_Protobuf_Any(message: Google_Protobuf_Empty())
            return .with {
                $0.name = Self.operationName
                $0.done = true
                $0.response = response
            }
        }
    }

    private func enable(_ services: Set<String>, in project: ProjectRecord, at now: Date) async throws {
        try await directory.change { try $0.enable(services, in: project, at: now) }
    }

    /// The name of every operation: as with Google's own when nothing is left to be done.
    private static let operationName = "operations/noop.DONE_OPERATION"

    private static func done(
        _ response: any Message, _ services: [Google_Api_Serviceusage_V1_Service]
    ) throws -> Google_Longrunning_Operation {
        let metadata = Google_Api_Serviceusage_V1_OperationMetadata.with { $0.resourceNames = services.map(\.name) }
        let operation = try (
            metadata: Google_Protobuf_Any(message: metadata), response: Google_Protobuf_Any(message: response)
        )
        return .with {
            $0.name = operationName
            $0.metadata = operation.metadata
            $0.done = true
            $0.response = operation.response
        }
    }

    private static func project(_ parent: String) throws -> Resource {
        .project(try ServiceName.project(parent, field: "parent"))
    }
}
