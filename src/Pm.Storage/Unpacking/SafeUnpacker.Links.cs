using Pm.Linux;
using Pm.Packages;

namespace Pm.Storage.Unpacking;

/// <content>Symbolic links: kept in mind until everything else is there, so that nothing is ever written through one.</content>
public sealed partial class SafeUnpacker
{
    /// <exception cref="PackageFormatException">The entry is refused. What was made before it remains.</exception>
    public void AddSymlink(string name, string target, DateTimeOffset? modified)
    {
        var where = Count(name);
        AddLink(EntryPath.Judge(name, _options, where), target, modified, where);
    }

    void AddLink(string path, string target, DateTimeOffset? modified, string where)
    {
        if (target.Length == 0 || target.Contains('\0'))
        {
            throw UnpackFault.Outside(where, "a symbolic link whose target is empty or holds a NUL");
        }

        if (target.StartsWith('/'))
        {
            target = _options.RewritesLinks
                ? Rewritten(path, target)
                : throw UnpackFault.Outside(where, $"an absolute symbolic link to `{PathText.Show(target)}`");
        }

        if (PathText.ByteCount(target) > Packages.Tar.TarLimits.LongestPath)
        {
            throw UnpackFault.BeyondLimit(where, "bytes of a link's target", Packages.Tar.TarLimits.LongestPath);
        }

        Clear(path, where);
        _made[path] = new MadeEntry(MadeKind.Symlink);
        _links[path] = (target, modified);
    }

    // The destination in place of the root directory.
    static string Rewritten(string path, string target)
    {
        var up = string.Concat(Enumerable.Repeat("../", path.Count(c => c == '/')));
        var rest = target.TrimStart('/');
        return (up + rest).Length == 0 ? "." : up + rest;
    }

    void CheckLinks()
    {
        var resolution = new LinkResolution(_links.Select(l => KeyValuePair.Create(l.Key, l.Value.Target)), _isFresh ? null : LinkBefore);
        foreach (var (path, (target, _)) in _links)
        {
            if (resolution.LeadsOutside(path, target))
            {
                throw UnpackFault.Outside(
                    $"{_name}: {PathText.Show(path)}", $"the symbolic link leads outside: `{PathText.Show(target)}`");
            }
        }
    }

    // Those that were in the destination before.
    string? LinkBefore(string path)
    {
        if (_made.ContainsKey(path))
        {
            return null;
        }

        try
        {
            using var folder = EntryPath.Parent(path) is { Length: > 0 } parent ? _target.TryOpenBeneath(parent) : null;
            return (EntryPath.Parent(path).Length == 0 ? _target : folder)?.ReadLink(EntryPath.Name(path));
        }
        catch (SystemCallException e) when (e.Errno is Errno.ENOTDIR or Errno.ELOOP or Errno.ENAMETOOLONG or Errno.EACCES)
        {
            return null;
        }
    }

    void MakeLinks()
    {
        foreach (var (path, (target, modified)) in _links)
        {
            var (folder, name) = (Folder(EntryPath.Parent(path)), EntryPath.Name(path));
            folder.Symlink(target, name);
            if (modified is { } time)
            {
                folder.SetTimes(name, time);
            }
        }
    }
}
