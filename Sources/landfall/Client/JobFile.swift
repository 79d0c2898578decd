import Foundation
import Yams

/// A job in a file, as JSON or YAML.
struct JobFile {
    let file: InputFile

    /// What the file says, as JSON; whether it is a job is for the server to judge.
    func json() throws -> Data {
        let data = try file.contents()
        if (try? JSONSerialization.jsonObject(with: data)) != nil { return data }
        guard let text = String(data: data, encoding: .utf8) else {
            throw CommandFailure("'\(file.path)' is not UTF-8 text.")
        }
        let document: Any?
        do {
            document = try Yams.load(yaml: text)
        } catch let error as YamlError {
            throw CommandFailure("'\(file.path)' is neither JSON nor YAML: \(error.summary).")
        }
        guard let document, JSONSerialization.isValidJSONObject(document) else {
            throw CommandFailure("'\(file.path)' holds neither a JSON nor a YAML object.")
        }
        return try JSONSerialization.data(withJSONObject: document)
    }
}

extension YamlError {
    /// What is wrong and where, without the text around it.
    fileprivate var summary: String {
        switch self {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            "\(problem), at line \(mark.line), column \(mark.column)"
        case .reader(let problem, _, _, _): problem
        default: "it cannot be parsed"
        }
    }
}
