using Pm.Packages.Manifests;
using Pm.Packages.Toml;

namespace Pm.Packages.Locks;

/// <summary>Writes a lockfile: one key a line, one item of a list a line, everything sorted, so that two people's changes merge.</summary>
static class LockfileWriter
{
    public static byte[] Write(Lockfile file)
    {
        var writer = new TomlWriter();
        writer.Comment("What pm chose for pm.toml, so that every machine gets the same.\nKeep it with the project; `pm lock` and `pm update` write it.");
        writer.Set("format", TomlExpression.Of(Lockfile.Format));
        foreach (var remote in file.Remotes)
        {
            writer.ArrayTable("remote");
            writer.Set("name", TomlExpression.Of(remote.Name));
            writer.Set("url", TomlExpression.Of(remote.Url));
            SetText(writer, "root", remote.Root);
        }

        foreach (var package in file.Packages)
        {
            writer.ArrayTable("package");
            Write(writer, package);
        }

        return writer.ToBytes();
    }

    static void Write(TomlWriter writer, LockedPackage package)
    {
        writer.Set("name", TomlExpression.Of(package.Id.Name.Text));
        writer.Set("version", TomlExpression.Of(package.Id.Version.Text));
        SetText(writer, "for", package.Tree.Length == 0 ? null : package.Tree);
        foreach (var (key, value) in SourceKeys.Of(package.Source))
        {
            writer.Set(key, TomlExpression.Of(value));
        }

        SetText(writer, "hash", package.Hash?.ToString());
        if (package.Size is { } size)
        {
            writer.Set("size", TomlExpression.Of(size));
        }

        SetText(writer, "signer", package.Signer);
        SetText(writer, "commit", package.Commit);
        SetText(writer, "tree", package.SourceTree);
        SetLines(writer, "needs", package.Needs.Where(n => !n.IsPrivate).Select(n => n.ToString()));
        SetLines(writer, "private", package.Needs.Where(n => n.IsPrivate).Select(n => n.ToString()));
        SetLines(writer, "equals", package.Equivalents.Select(v => v.Text));
    }

    static void SetText(TomlWriter writer, string key, string? value)
    {
        if (value is not null)
        {
            writer.Set(key, TomlExpression.Of(value));
        }
    }

    static void SetLines(TomlWriter writer, string key, IEnumerable<string> lines)
    {
        var items = lines.Select(TomlExpression.Of).ToList();
        if (items.Count > 0)
        {
            writer.Set(key, TomlExpression.Lines(items));
        }
    }
}
