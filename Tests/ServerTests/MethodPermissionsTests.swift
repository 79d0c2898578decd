import Access
import Methods
import Testing

@testable import Server

@Suite("The permissions of the methods")
struct MethodPermissionsTests {
    @Test("are all held by some role that people can be granted")
    func held() async throws {
        try await FuzzServer.with { server in
            let permissions = FrontDoors.apis(server.parts).flatMap(\.methods).compactMap { permission(of: $0) }
            #expect(permissions.count > 20)
            for permission in permissions {
                let roles = RoleCatalog.predefined.roles(containing: permission)
                #expect(roles.contains { !$0.isForServiceAgent }, "\(permission)")
            }
        }
    }

    private func permission(of method: some Methods.Method) -> Permission? {
        if case .permission(let permission, on: _) = method.access { permission } else { nil }
    }
}
