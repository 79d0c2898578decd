import Gateway
import Methods
import Testing

@Suite("The table of APIs")
struct TableTests {
    private let table = APITable(
        apis: ["batch", "run", "logging"].map { API(service: "\($0).googleapis.com", title: $0, methods: []) },
        universes: ["landfall.test", "Lab.Landfall.test"])

    @Test(
        "finds an API by its host",
        arguments: [
            ("batch.googleapis.com", "batch.googleapis.com"),
            ("batch.landfall.test", "batch.googleapis.com"),
            ("batch.lab.landfall.test", "batch.googleapis.com"),
            ("us-central1-run.googleapis.com", "run.googleapis.com"),
            ("northamerica-northeast1-run.landfall.test", "run.googleapis.com"),
            ("www.googleapis.com", nil),
            ("googleapis.com", nil),
            ("a.batch.googleapis.com", nil),
            ("central-run.googleapis.com", nil),
            ("us-central1-.googleapis.com", nil),
            ("batch.example.com", nil),
            ("batch.googleapis.com.example.com", nil),
            ("127.0.0.1", nil),
            ("", nil),
        ])
    func host(host: String, service: String?) {
        #expect(table.api(forHost: host)?.service == service)
    }

    @Test(
        "reads the region in a host",
        arguments: [
            ("us-central1-run.googleapis.com", "us-central1"),
            ("northamerica-northeast1-run.landfall.test", "northamerica-northeast1"),
            ("run.googleapis.com", nil),
            ("us-central1-nothing.googleapis.com", nil),
        ])
    func region(host: String, region: String?) {
        #expect(table.region(ofHost: host) == region)
    }

    @Test(
        "lets the path decide at a host of its own, and only there",
        arguments: [
            ("127.0.0.1", 3), ("localhost", 3), ("landfall.test", 3), ("batch.googleapis.com", 1),
            ("www.googleapis.com", 0),
            ("a.b.landfall.test", 0),
        ])
    func candidates(host: String, count: Int) {
        #expect(table.candidates(forHost: host).count == count)
    }
}
