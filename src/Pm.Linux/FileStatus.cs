namespace Pm.Linux;

/// <summary>What the kernel knows of one file. Source: statx(2).</summary>
/// <param name="Kind">Regular file, directory, symbolic link …</param>
/// <param name="Mode">The permission, set-id and sticky bits: at most 07777 (octal).</param>
/// <param name="Owner">The user's id.</param>
/// <param name="Group">The group's id.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Inode">With <paramref name="Device"/> the identity of the file.</param>
/// <param name="Device">The file system: major number × 2³² + minor number.</param>
/// <param name="Links">How many names the file has.</param>
/// <param name="Modified">To 100 ns; times beyond the years 1 to 9999 are cut to them.</param>
public readonly record struct FileStatus(
    FileKind Kind, int Mode, uint Owner, uint Group, long Size, ulong Inode, ulong Device, uint Links,
    DateTimeOffset Modified)
{
    const int WritableByOthers = 0b000_010_010;

    /// <summary>When content, owner, mode or the number of links last changed.</summary>
    public DateTimeOffset Changed { get; init; }

    /// <summary>What the file takes on the disk, in bytes.</summary>
    public long AllocatedSize { get; init; }

    public bool IsRegular => Kind is FileKind.Regular;

    public bool IsDirectory => Kind is FileKind.Directory;

    public bool IsSymbolicLink => Kind is FileKind.SymbolicLink;

    /// <summary>The file at <paramref name="path"/>, symbolic links followed; null when there is none.</summary>
    /// <exception cref="SystemCallException">Anything but ENOENT and ENOTDIR.</exception>
    public static FileStatus? Of(string path) => StatusCall.Of(path, follow: true);

    /// <summary>As <see cref="Of(string)"/>, but a symbolic link at the end is not followed.</summary>
    /// <exception cref="SystemCallException">Anything but ENOENT and ENOTDIR.</exception>
    public static FileStatus? OfLink(string path) => StatusCall.Of(path, follow: false);

    /// <summary>
    /// Why what the file says cannot be taken for the word of <paramref name="user"/> or root, for messages; null: nobody else could have written it. The rule
    /// is that of ssh for its configuration.
    /// </summary>
    public string? WhyNotTrusted(uint user) =>
        Owner != 0 && Owner != user ? $"it belongs to {AccountDatabase.System.UserName(Owner) ?? $"user {Owner}"}, and neither to you nor to root"
        : (Mode & WritableByOthers) != 0 ? $"others than its owner can write to it (mode {Convert.ToString(Mode, 8)})"
        : null;

    /// <summary>Whether two statuses are of the same file.</summary>
    public bool IsSameFile(FileStatus other) => Inode == other.Inode && Device == other.Device;
}
