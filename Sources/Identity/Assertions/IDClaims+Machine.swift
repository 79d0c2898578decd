extension IDClaims {
    /// What Google alone says in id tokens.
    public struct Google: Codable, Hashable, Sendable {
        /// Where the bearer runs.
        public var machine: Machine

        init(_ machine: Machine) {
            self.machine = machine
        }

        private enum CodingKeys: String, CodingKey {
            case machine = "compute_engine"
        }
    }

    /// The virtual machine of whoever got an id token from its metadata server.
    public struct Machine: Codable, Hashable, Sendable {
        /// Id of the project that the machine is in.
        public var projectID: String
        /// Number of that project.
        public var projectNumber: Int
        /// `us-central1-a`
        public var zone: String
        /// Digits.
        public var instanceID: String
        /// The machine's name.
        public var instanceName: String
        /// In seconds since 1970.
        public var createdAt: Int
        /// Licences of its image; nil when they were not asked for.
        public var licenseIDs: [String]?

        /// A machine of these parts.
        public init(
            projectID: String, projectNumber: Int, zone: String, instanceID: String, instanceName: String,
            createdAt: Int, licenseIDs: [String]?
        ) {
            self.projectID = projectID
            self.projectNumber = projectNumber
            self.zone = zone
            self.instanceID = instanceID
            self.instanceName = instanceName
            self.createdAt = createdAt
            self.licenseIDs = licenseIDs
        }

        private enum CodingKeys: String, CodingKey {
            case zone
            case projectID = "project_id"
            case projectNumber = "project_number"
            case instanceID = "instance_id"
            case instanceName = "instance_name"
            case createdAt = "instance_creation_timestamp"
            case licenseIDs = "license_id"
        }
    }
}
