namespace Pm.Linux;

/// <summary>What a directory entry is. The values are those of <c>d_type</c>. Source: readdir(3).</summary>
public enum FileKind
{
    Unknown = 0,
    Fifo = 1,
    CharacterDevice = 2,
    Directory = 4,
    BlockDevice = 6,
    Regular = 8,
    SymbolicLink = 10,
    Socket = 12,
}
