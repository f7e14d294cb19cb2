namespace Pm.Linux;

/// <summary>The words for a <see cref="FileKind"/> in messages.</summary>
public static class FileKinds
{
    /// <summary>For example “a directory”.</summary>
    public static string Phrase(FileKind kind) => kind switch
    {
        FileKind.Regular => "a regular file",
        FileKind.Directory => "a directory",
        FileKind.SymbolicLink => "a symbolic link",
        FileKind.Fifo => "a pipe",
        FileKind.Socket => "a socket",
        FileKind.CharacterDevice or FileKind.BlockDevice => "a device",
        _ => "a file of an unknown kind",
    };
}
