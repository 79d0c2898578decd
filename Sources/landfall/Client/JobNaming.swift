import ArgumentParser
import Foundation

/// Which job a verb is about.
struct JobPlace: ParsableArguments {
    @Option(help: "The project's id. Default: the server's first project.")
    var project: String?

    @Option(help: "The location.")
    var location = "us-central1"

    func parent(_ installation: Installation) -> String {
        "projects/\(project ?? installation.info.project)/locations/\(location)"
    }

    /// The full name of a job that is given by its id or by its full name.
    func job(_ name: String, _ installation: Installation) -> String {
        name.hasPrefix("projects/") ? name : "\(parent(installation))/jobs/\(name)"
    }
}

extension String {
    /// Safe as one segment of a path, or as a value of a query.
    var escaped: String {
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~")
        return addingPercentEncoding(withAllowedCharacters: allowed) ?? self
    }
}
