import Requests

@testable import CloudRun

extension FuzzedParser {
    /// Label selectors of Cloud Run v1, tried on labels, and the other small languages of its requests.
    static let cloudRun = FuzzedParser("cloud-run") { input in
        let text = input.text
        if let task = TaskID(text) { try expect(task.text == text, "\(text) names \(task.text)") }
        if let bytes = Quantity.bytes(text) { try expect(bytes >= 0, "\(text) is \(bytes) bytes") }
        if let cpu = Quantity.cpuMilli(text) { try expect(cpu >= 0, "\(text) is \(cpu)m") }
        if let image = ImageLocation(text, at: RegistryHosts(universe: "landfall.test")) {
            try expect(image.repository.project?.isEmpty == false, "\(text) lies nowhere")
        }
        _ = SecretName(text)
        let expansion = VariableExpansion(variables: ["A": "$(A)"])
        if let words = try? expansion.expanded(["$$" + text]) {
            try expect(words.first?.utf8.first == UInt8(ascii: "$"), "\(text) takes away what is escaped")
        }
        let selector = try LabelSelector(text)
        for requirement in selector.requirements {
            switch requirement {
            case .isOne(let key, let values):
                try expect(!values.isEmpty && !key.isEmpty, "\(text) wants nothing")
            case .isNone(let key, _), .exists(let key), .isMissing(let key):
                try expect(!key.isEmpty, "\(text) has a nameless label")
            }
        }
        _ = selector.selects(["run.googleapis.com/job": "report", "a": ""])
    }
}
