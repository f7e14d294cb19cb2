using System.Collections.Immutable;
using Pm.Blobs;
using Pm.Storage.Planning;

namespace Pm.Storage.Journals;

/// <summary>
/// What a transaction is about to do: written once, durably, before the first step. It holds all that is needed to undo
/// every step, or to finish after the commit. See docs/formats/root.md.
/// </summary>
sealed class Journal
{
    public required RootKind Kind { get; init; }

    /// <summary>0: nothing was installed before.</summary>
    public required int From { get; init; }

    /// <summary>The generation whose document is the commit mark.</summary>
    public required int To { get; init; }

    /// <summary>The packages of the new generation: in use until it is decided.</summary>
    public required ImmutableArray<MerkleRoot> Packages { get; init; }

    /// <summary>After the commit, what is not pm's in the tree before has still to be taken over: see <see cref="ChangePlan.IsDetached"/>.</summary>
    public bool IsDetached { get; init; }

    public required IReadOnlyList<Operation> Operations { get; init; }
}
