using Pm.Linux;

namespace Pm.Repositories.Serving;

/// <summary>Private keys where they must not be: below what is served to everybody.</summary>
static class PrivateKeys
{
    /// <summary>A key says what it is in its first bytes.</summary>
    public const int HeadLength = 4096;

    /// <summary>
    /// Whether the file of that path has to be looked into. What a package contains may well be a key, a test's for
    /// example: it is public already.
    /// </summary>
    public static bool MayBe(ReadOnlySpan<char> path) => path.Contains('/') ? !ServedPath.IsFixed(path) : !path.EndsWith(".pkg");

    /// <summary>Whether a file that begins with these bytes is a private key: of a role, PEM, OpenSSH or OpenPGP.</summary>
    public static bool IsOne(ReadOnlySpan<byte> head)
    {
        var begin = head.IndexOf("-----BEGIN "u8);
        if (begin >= 0 && head[begin..] is var armour && armour[..Math.Min(armour.Length, 100)].IndexOf("PRIVATE KEY"u8) >= 0)
        {
            return true;
        }

        if (IsRoleKey(head.TrimStart(" \t\r\n"u8)))
        {
            return true;
        }

        // An OpenPGP secret key packet, old and new format, version 3 to 6. Source: RFC 9580 4.2, 5.5.
        return head.Length > 3 && (head[0] is >= 0x94 and <= 0x97 ? head[0] == 0x94 ? head[2] : head[3] : head[0] == 0xc5 ? 4 : 0) is >= 3 and <= 6;
    }

    /// <summary>
    /// The first private key below a served directory, or null. The directories of single packages, hundreds of thousands,
    /// are not gone into: a key in one is found when it is asked for, and not served.
    /// </summary>
    public static string? Find(DirectoryHandle served)
    {
        foreach (var entry in served.Entries())
        {
            if (entry.Kind is FileKind.Directory)
            {
                using var directory = served.TryOpenBeneath(entry.Name);
                if (directory is not null && In(directory, $"{entry.Name}/", IsOfPackages(entry.Name) ? 0 : MaximumDepth) is { } found)
                {
                    return found;
                }
            }
            else if (IsOneAt(served, entry.Name, entry.Name))
            {
                return entry.Name;
            }
        }

        return null;
    }

    const int MaximumDepth = 8;

    /// <summary>keys/ROLE.json, in the clear or encrypted (docs/formats/tuf.md), or one key of it; metadata begins with another member.</summary>
    static bool IsRoleKey(ReadOnlySpan<byte> json)
    {
        if (!json.StartsWith("{"u8))
        {
            return false;
        }

        json = json[1..].TrimStart(" \t\r\n"u8);
        return json.StartsWith("\"encrypted\""u8)
            || ((json.StartsWith("\"key"u8) || json.StartsWith("\"scheme\""u8) || json.StartsWith("\"data\""u8)) && json.IndexOf("\"private\""u8) >= 0);
    }

    static bool IsOfPackages(string directory) => directory is RepositoryLayout.Targets or RepositoryLayout.Signatures;

    static string? In(DirectoryHandle directory, string prefix, int depth)
    {
        foreach (var entry in directory.Entries())
        {
            var path = prefix + entry.Name;
            if (entry.Kind is FileKind.Directory && depth > 0)
            {
                using var child = directory.TryOpenBeneath(entry.Name);
                if (child is not null && In(child, $"{path}/", depth - 1) is { } found)
                {
                    return found;
                }
            }
            else if (entry.Kind is FileKind.Regular && IsOneAt(directory, entry.Name, path))
            {
                return path;
            }
        }

        return null;
    }

    static bool IsOneAt(DirectoryHandle directory, string name, string path)
    {
        if (!MayBe(path) || directory.Status(name) is not { IsRegular: true })
        {
            return false;
        }

        try
        {
            using var file = directory.TryOpenRead(name);
            Span<byte> head = stackalloc byte[HeadLength];
            return file is not null && IsOne(head[..RandomAccess.Read(file, head, 0)]);
        }
        catch (SystemCallException e) when (e.Errno is Errno.EACCES or Errno.ELOOP or Errno.EISDIR or Errno.EINVAL)
        {
            // What this process may not read it cannot serve.
            return false;
        }
    }
}
