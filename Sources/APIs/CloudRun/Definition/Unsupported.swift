/// Why settings of a job are refused that both versions of the API have, each in its own place.
enum Unsupported {
    static let network = "there are no VPC networks; tasks reach what their node reaches"
    static let binaryAuthorization = "there is no Binary Authorization to ask"
}
