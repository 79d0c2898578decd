import ArgumentParser
import Server

struct Landfall: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "landfall",
        abstract: "Google Cloud Batch and the IAM around it, on machines of your own.",
        discussion: """
            Start a server with 'sudo landfall up', become somebody with 'landfall login you@example.com', and run \
            gcloud or any program of Google's client libraries with 'landfall exec -- COMMAND'.
            """,
        version: Version.current,
        subcommands: [
            Up.self, Login.self, Logout.self, Approve.self, LoginConfig.self, WhoAmI.self, Exec.self, Env.self,
            Submit.self, Jobs.self, Logs.self,
            Cancel.self,
            ImagesVerb.self, Groups.self, Why.self, Doctor.self, AgentVerb.self,
        ])
}
