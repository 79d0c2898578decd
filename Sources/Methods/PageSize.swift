/// How many items a page has (AIP-158).
public enum PageSize {
    /// - Parameters:
    ///   - requested: the request's `page_size`; 0 asks for the default.
    ///   - standard: the default.
    ///   - maximum: what a larger number means.
    /// - Throws: `INVALID_ARGUMENT` for a negative number.
    public static func read(_ requested: Int32, default standard: Int, maximum: Int) throws -> Int {
        guard requested >= 0 else {
            throw ServiceError.invalidArgument(
                "Invalid value for 'page_size': must not be negative, but is \(requested).", field: "page_size")
        }
        return requested == 0 ? standard : min(Int(requested), maximum)
    }
}
