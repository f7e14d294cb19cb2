using System.Collections.Immutable;
using Pm.Linux;

namespace Pm.Storage.Planning;

/// <summary>One step of a transaction on a prefix root. Steps are done in order and undone in reverse.</summary>
abstract record Operation(string Path)
{
    private protected Operation(string path, int sequence) : this(path) => Sequence = sequence;

    /// <summary>Makes the names beside the place unique within the transaction.</summary>
    public int Sequence { get; }

    /// <summary>A directory is made.</summary>
    /// <param name="Path">Did not exist.</param>
    /// <param name="Mode">Of the new directory.</param>
    public sealed record MakeDirectory(string Path, int Mode) : Operation(Path)
    {
        /// <summary>Null when it was read back from a journal.</summary>
        public TreeDirectory? Directory { get; init; }
    }

    /// <summary>A file or link appears where there was nothing.</summary>
    public sealed record Add(TreeEntry Entry, int Sequence) : Operation(Entry.Path, Sequence);

    /// <summary>A file or link takes the place of another in one instant; the other waits beside until the commit.</summary>
    /// <param name="Entry">What comes.</param>
    /// <param name="Sequence">Names the place beside.</param>
    /// <param name="OldInode">Tells, after a crash, whether the two have changed places.</param>
    /// <param name="SavedAs">The path that the old one gets at the commit; null: it is removed.</param>
    public sealed record Replace(TreeEntry Entry, int Sequence, ulong OldInode, string? SavedAs)
        : Operation(Entry.Path, Sequence)
    {
        /// <summary>What planning saw there; null when it was read back from a journal.</summary>
        public FileStatus? Seen { get; init; }
    }

    /// <summary>A file, or a directory with all that is in it, is moved beside its place and removed after the commit.</summary>
    /// <param name="Path">What goes.</param>
    /// <param name="Sequence">Names the place beside.</param>
    /// <param name="SavedAs">The path that it gets at the commit; null: it is removed.</param>
    /// <param name="Contents">What may be removed in a directory, relative to it, children first; a "/" ends directories.</param>
    public sealed record MoveAway(string Path, int Sequence, string? SavedAs, ImmutableArray<string> Contents)
        : Operation(Path, Sequence)
    {
        /// <summary>What planning saw there, for a file; null when it was read back from a journal.</summary>
        public FileStatus? Seen { get; init; }
    }

    /// <summary>The mode of a directory changes.</summary>
    public sealed record SetMode(string Path, int OldMode, int NewMode) : Operation(Path);

    /// <summary>After the commit: a directory that pm made goes, if nothing is left in it.</summary>
    public sealed record RemoveDirectory(string Path) : Operation(Path);
}
