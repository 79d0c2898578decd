/// A set whose members have ranks: the lowest is found at once; adding, moving and removing take O(log n) steps.
public struct RankedSet<Member: Hashable & Sendable, Rank: Comparable & Sendable>: Sendable {
    /// A binary heap, and where in it each member is.
    @usableFromInline var heap: [(member: Member, rank: Rank)] = []
    @usableFromInline var places: [Member: Int] = [:]

    /// An empty set.
    @inlinable
    public init() {}

    /// Nobody is in the set.
    @inlinable public var isEmpty: Bool { heap.isEmpty }

    /// The member of the lowest rank.
    @inlinable public var first: Member? { heap.first?.member }

    /// The lowest rank.
    @inlinable public var lowestRank: Rank? { heap.first?.rank }

    /// The lowest rank of all but the first member.
    @inlinable public var secondRank: Rank? { heap.dropFirst().prefix(2).map(\.rank).min() }

    /// Whether somebody is a member.
    @inlinable
    public func contains(_ member: Member) -> Bool { places[member] != nil }

    /// Adds a member, or gives it another rank.
    @inlinable
    public mutating func set(_ rank: Rank, of member: Member) {
        if let place = places[member] {
            heap[place].rank = rank
            settle(place)
        } else {
            heap.append((member, rank))
            places[member] = heap.count - 1
            settle(heap.count - 1)
        }
    }

    /// Removes a member, if it is one.
    @inlinable
    public mutating func remove(_ member: Member) {
        guard let place = places.removeValue(forKey: member), let last = heap.popLast() else { return }
        guard place < heap.count else { return }
        heap[place] = last
        places[last.member] = place
        settle(place)
    }

    /// Moves the member at a place to where its rank belongs.
    @inlinable
    mutating func settle(_ start: Int) {
        var place = start
        while place > 0, heap[place].rank < heap[(place - 1) / 2].rank {
            swap(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
        while let child = lowestChild(of: place), heap[child].rank < heap[place].rank {
            swap(place, child)
            place = child
        }
    }

    @inlinable
    func lowestChild(of place: Int) -> Int? {
        let left = 2 * place + 1
        guard left < heap.count else { return nil }
        return left + 1 < heap.count && heap[left + 1].rank < heap[left].rank ? left + 1 : left
    }

    @inlinable
    mutating func swap(_ one: Int, _ other: Int) {
        heap.swapAt(one, other)
        places[heap[one].member] = one
        places[heap[other].member] = other
    }
}
