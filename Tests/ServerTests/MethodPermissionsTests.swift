import Access
import Methods
import Testing

@testable import Server

@Suite("The permissions of the methods")
struct MethodPermissionsTests {
    @Test("are all held by some role that people can be granted")
    func held() async throws {
        try await FuzzServer.with { server in
            var count = 0
            for method in FrontDoors.apis(server.parts).flatMap(\.methods) {
                guard let permission = permission(of: method) else { continue }
                let roles = RoleCatalog.predefined.roles(containing: permission)
                #expect(roles.contains { !$0.isForServiceAgent }, "\(permission)")
                count += 1
            }
            #expect(count > 20)
        }
    }

    private func permission(of method: some Methods.Method) -> Permission? {
        if case .permission(let permission, on: _) = method.access { permission } else { nil }
    }
}
