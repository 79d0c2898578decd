import Credentials
import Directory
import Federation
import Identity
import Methods
import OAuth
import Store

/// What turns keys into tokens and tokens into callers.
struct CredentialParts: Sendable {
    let tokens: Tokens
    let bearers: BearerTokens
    let systemKeys: SystemKeys
    let accounts: DirectoryAccounts
    let signIns = SignIns()
    private let universe: String
    private let assertions: AssertionGrants
    let idTokens: IDTokens
    private let exchange: TokenExchange

    init(store: any CredentialStore, directory: Directory, _ configuration: ServerConfiguration) {
        let universe = configuration.universe
        self.universe = universe
        let issuer = configuration.issuer ?? "https://accounts.\(universe)"
        tokens = Tokens(store: store)
        systemKeys = SystemKeys(store: store)
        accounts = DirectoryAccounts(directory: directory)
        let selfSigned = SelfSignedTokens(accounts: accounts, systemKeys: systemKeys, universe: universe)
        let pools = DirectoryPools(directory: directory)
        bearers = BearerTokens(tokens: tokens, selfSigned: selfSigned, accounts: accounts, pools: pools)
        assertions = AssertionGrants(
            accounts: accounts, systemKeys: systemKeys, universe: universe, issuer: issuer)
        idTokens = IDTokens(issuer: issuer, keys: systemKeys)
        exchange = TokenExchange(pools: pools, keys: IssuerKeys(documents: IssuerClient()))
    }

    /// The routes of OAuth and OpenID Connect.
    var oauth: OAuthService {
        OAuthService(
            tokens: tokens, bearers: bearers, assertions: assertions, idTokens: idTokens, accounts: accounts,
            systemKeys: systemKeys, exchange: exchange, signIns: signIns, universe: universe)
    }

    /// The credentials API.
    var api: API {
        CredentialsAPI.api(
            accounts: accounts, tokens: tokens, idTokens: idTokens, signatures: AccountSignatures(keys: systemKeys),
            extensions: accounts)
    }
}
