using System.Collections.Immutable;
using Pm.Blobs;
using Pm.Packages.Manifests;
using Pm.Packages.Toml;

namespace Pm.Packages.Locks;

/// <summary>What <c>pm vendor</c> wrote into a directory, so that it removes nothing else there. Source: docs/formats/lockfile.md.</summary>
public sealed class VendorList
{
    /// <summary>The format that is written, and the only one that is read.</summary>
    public const int Format = 1;

    /// <summary>Longest list in bytes.</summary>
    public const int MaximumSize = 64 << 20;

    /// <summary>The name of the list; in capital letters, so that no package is called so.</summary>
    public const string Name = "VENDOR.toml";

    readonly ILookup<string, VendoredItem> _byEntry;

    /// <param name="items">In any order; each once.</param>
    public VendorList(IEnumerable<VendoredItem> items)
    {
        Items = [.. items.OrderBy(i => i.Id).ThenBy(i => i.Hash is null)];
        _byEntry = Items.ToLookup(Usual);
    }

    /// <summary>Sorted.</summary>
    public ImmutableArray<VendoredItem> Items { get; }

    /// <summary>The package of this hash, or the source of this name; null: it is not there.</summary>
    public VendoredItem? Find(PackageId id, MerkleRoot? hash) => Items.FirstOrDefault(i => i.Id == id && i.Hash == hash);

    /// <summary>What it is called in the directory: <c>name-version.pkg</c> or <c>name-version</c>, and where two share that, with an @, of a source with two.</summary>
    public string EntryOf(VendoredItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return _byEntry[Usual(item)].Count() < 2 ? Usual(item) : $"{item.Id.Name.FileText}{(item.Hash is null ? "@@" : "@")}{item.Id.Version.Text}{Suffix(item)}";
    }

    static string Usual(VendoredItem item) => item.Id.FileText + Suffix(item);

    static string Suffix(VendoredItem item) => item.Hash is null ? "" : ".pkg";

    /// <param name="utf8">A list. It must not change afterwards.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <exception cref="PackageFormatException">PM2115: not a list that pm wrote.</exception>
    public static VendorList Parse(ReadOnlyMemory<byte> utf8, string file)
    {
        try
        {
            return Read(TomlDocument.Read(utf8, file, new TomlLimits { Size = MaximumSize }));
        }
        catch (PackageFormatException e) when (e.Code is not "PM2115")
        {
            var own = e.Where is { } where && e.Message.StartsWith($"{where}: ", StringComparison.Ordinal) ? e.Message[(where.Length + 2)..] : e.Message;
            throw new PackageFormatException("PM2115", own, e.Where, "remove the directory, then `pm vendor DIR` writes it anew");
        }
    }

    public byte[] ToBytes()
    {
        var writer = new TomlWriter();
        writer.Comment("What `pm vendor` wrote here; edit nothing below this directory, `pm vendor` brings it up to date.\nKeep all of it with the project: `git add -f`, as sources may ignore files of their own.");
        writer.Set("format", TomlExpression.Of(Format));
        foreach (var item in Items)
        {
            writer.ArrayTable(item.Hash is null ? "source" : "package");
            writer.Set("name", TomlExpression.Of(item.Id.Name.Text));
            writer.Set("version", TomlExpression.Of(item.Id.Version.Text));
            writer.Set(item.Hash is null ? "tree" : "hash", TomlExpression.Of(item.Hash?.ToString() ?? item.Tree!));
            if (!item.Unusual.IsEmpty)
            {
                writer.Set("unusual", TomlExpression.Lines([.. item.Unusual.Select(TomlExpression.Of)]));
            }
        }

        return writer.ToBytes();
    }

    static VendorList Read(TomlDocument document)
    {
        var root = new ManifestTable(document, document.Root, "", isOurs: true);
        var format = root.Required("format");
        if (format.Value.Kind is not TomlKind.Integer || format.Value.Integer != Format)
        {
            throw root.Fault(format, $"this pm knows format {Format}");
        }

        var items = new Dictionary<(PackageId, bool), VendoredItem>();
        foreach (var (table, isPackage) in root.Tables("package").Select(t => (t, true)).Concat(root.Tables("source").Select(t => (t, false))))
        {
            var item = Item(table, isPackage);
            if (!items.TryAdd((item.Id, isPackage), item))
            {
                throw table.Fault(table.Required("name"), $"{item.Id} is there twice");
            }
        }

        return new VendorList(items.Values);
    }

    static VendoredItem Item(ManifestTable table, bool isPackage) => new()
    {
        Id = new PackageId(table.Parsed(table.Required("name"), PackageName.Parse), table.Version(table.Required("version"))),
        Hash = !isPackage ? null
            : MerkleRoot.TryParse(table.RequiredLine("hash"), null, out var root) ? root : throw table.Fault(table.Required("hash"), "expected a package hash: 64 hexadecimal digits"),
        Tree = isPackage ? null : table.RequiredLine("tree"),
        Unusual = table.Lines("unusual"),
    };
}
