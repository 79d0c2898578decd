import Access
import Methods
import Schema

/// Refusals by their ids: what `landfall why` shows.
public enum DenialsAPI {
    private static let method = "landfall.denials.v1.Denials.GetDenial"
    private static let rule = HTTPRule.get("/v1/{name=denials/*}")

    /// The service on the port, for callers with a token: `denials.` and the universe.
    public static func api(_ log: DenialLog) -> API {
        API(
            service: "denials.landfall.internal", title: "Landfall Denials API", mustBeEnabled: false,
            methods: [
                UnaryMethod<Landfall_Denials_V1_GetDenialRequest, DenialMessage>(
                    method, rule, access: .byHandler("who asks sees what they may see without it: `DenialView`")
                ) { request, call in
                    guard let denial = try await log.denial(named: request.name),
                        let view = try await DenialView(call: call).visible(denial)
                    else { throw ServiceError.noDenial(request.name) }
                    return view
                }
            ])
    }

    /// The same for the owner of the installation, who may see all; for the socket that only the owner can open.
    public static func ownersMethod(_ log: DenialLog) -> any Method {
        UnaryMethod<Landfall_Denials_V1_GetDenialRequest, DenialMessage>(
            method, rule, access: .anyone("only the owner of the installation can open the socket")
        ) { request, _ in
            guard let denial = try await log.denial(named: request.name) else {
                throw ServiceError.noDenial(request.name)
            }
            return denial
        }
    }
}

extension DenialLog {
    fileprivate func denial(named name: String) async throws -> DenialMessage? {
        guard name.hasPrefix("denials/") else { return nil }
        return try await denial(String(name.dropFirst("denials/".count)))
    }
}

extension ServiceError {
    /// The same for a refusal that is not kept and for one that is not for the caller to see.
    fileprivate static func noDenial(_ name: String) -> ServiceError {
        .notFound(
            "There is no refusal '\(name.prefix(100))', or it is not yours to see. The latest 10,000 are kept, "
                + "and of one caller the latest 1,000.")
    }
}
