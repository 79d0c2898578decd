import ArgumentParser
import Foundation
import Schema

struct ListImages: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the images of a project's repositories.")

    @OptionGroup var options: ClientOptions
    @OptionGroup var place: JobPlace
    @Option(help: "At most so many of each repository.") var limit = 1000
    @Option(help: "text or json.") var format: OutputFormat = .text

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be at least 1.") }
    }

    func run() async throws {
        let client = try options.client()
        var images: [Google_Devtools_Artifactregistry_V1_DockerImage] = []
        for repository in try await repositories(client) { images += try await self.images(of: repository, client) }
        switch format {
        case .json: try JSONOutput.print(images)
        case .text: print(Self.table(images), terminator: "")
        }
    }

    private func repositories(_ client: APIClient) async throws -> [String] {
        var names: [String] = []
        var token = ""
        repeat {
            let page = try await client.call(
                .GET, "artifactregistry",
                "/v1/\(place.parent(client.installation))/repositories?pageSize=1000&pageToken=\(token.escaped)",
                returning: Google_Devtools_Artifactregistry_V1_ListRepositoriesResponse.self)
            names += page.repositories.map(\.name)
            token = page.nextPageToken
        } while !token.isEmpty
        return names
    }

    private func images(
        of repository: String, _ client: APIClient
    ) async throws -> [Google_Devtools_Artifactregistry_V1_DockerImage] {
        var images: [Google_Devtools_Artifactregistry_V1_DockerImage] = []
        var token = ""
        repeat {
            let page = try await client.call(
                .GET, "artifactregistry",
                "/v1/\(repository)/dockerImages?pageSize=\(min(limit - images.count, 1000))&pageToken=\(token.escaped)",
                returning: Google_Devtools_Artifactregistry_V1_ListDockerImagesResponse.self)
            images += page.dockerImages
            token = page.nextPageToken
        } while !token.isEmpty && images.count < limit
        return images
    }

    static func table(_ images: [Google_Devtools_Artifactregistry_V1_DockerImage]) -> String {
        var table = TextTable(["IMAGE", "TAGS", "DIGEST", "SIZE", "UPDATED"])
        for image in images {
            let parts = image.uri.split(separator: "@", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { continue }
            table.add([
                parts[0], image.tags.joined(separator: ","), String(parts[1].dropFirst(7).prefix(12)),
                Int64(image.imageSizeBytes).formatted(.byteCount(style: .file)),
                image.updateTime.date.formatted(.iso8601),
            ])
        }
        return table.text
    }
}
