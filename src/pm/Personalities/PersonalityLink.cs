using Pm.Linux;

namespace Pm.Cli.Personalities;

/// <summary>A personality's name in a directory.</summary>
/// <param name="executable">The file of pm, absolute, links resolved.</param>
/// <param name="directory">Where the link belongs.</param>
/// <param name="name">The personality's.</param>
sealed class PersonalityLink(string executable, DirectoryHandle directory, string name)
{
    public string Path => System.IO.Path.Combine(directory.Path, name);

    /// <summary>What is there now.</summary>
    public LinkState State()
    {
        if (directory.Status(name) is not { } there)
        {
            return LinkState.Missing;
        }

        var isLink = there.Kind == FileKind.SymbolicLink
            ? directory.ReadLink(name) == executable
            : Executable() is { } own && (own.Inode, own.Device) == (there.Inode, there.Device);
        return isLink ? LinkState.Made : LinkState.Foreign;
    }

    /// <summary>Puts the link in place of whatever is there, in one step.</summary>
    /// <exception cref="SystemCallException">The directory cannot be written, or a directory has the name.</exception>
    public LinkKind Make()
    {
        var temporary = $".{name}.pm-new";
        RemoveLeftover(temporary);
        var kind = MakeAt(temporary);
        directory.Rename(temporary, directory, name);
        return kind;
    }

    LinkKind MakeAt(string temporary)
    {
        try
        {
            directory.LinkPath(executable, temporary);
            return LinkKind.Hard;
        }
        catch (SystemCallException e) when (e.Errno is Errno.EXDEV or Errno.EPERM or Errno.EMLINK or Errno.EOPNOTSUPP)
        {
            directory.Symlink(executable, temporary);
            return LinkKind.Symbolic;
        }
    }

    /// <summary>A run that was killed between link and rename leaves its temporary name behind.</summary>
    void RemoveLeftover(string temporary)
    {
        if (directory.Status(temporary) is not null)
        {
            directory.Unlink(temporary);
        }
    }

    FileStatus? Executable()
    {
        using var home = DirectoryHandle.TryOpen(System.IO.Path.GetDirectoryName(executable)!);
        return home?.Status(System.IO.Path.GetFileName(executable));
    }
}
