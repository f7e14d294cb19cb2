using System.Text;
using Pm.Blobs;
using Pm.Packages.Far;

namespace Pm.Packages;

/// <summary>The content hash of a package. Source: docs/formats/package.md, "Content hash".</summary>
static class PackageContent
{
    /// <summary>The Merkle root of the FAR that would hold contents, modes, hooks and dependencies alone.</summary>
    public static MerkleRoot HashOf(Package package)
    {
        var files = new Dictionary<string, ReadOnlyMemory<byte>>
        {
            [Package.ContentsName] = package.Contents.ToBytes(),
            ["meta/dependencies"] = Dependencies(package.Description),
        };
        if (package.Modes.Entries.Count > 0)
        {
            files[Package.ModesName] = package.Modes.ToBytes();
        }

        foreach (var moment in Enum.GetValues<HookMoment>())
        {
            if (package.Hook(moment) is { } script)
            {
                files[HookNames.Folder + HookNames.NameOf(moment)] = script;
            }
        }

        return MerkleRoot.Of(FarWriter.ToBytes(files));
    }

    static byte[] Dependencies(PackageDescription? description)
    {
        var lines = (description?.Dependencies.Select(d => d.ToString()) ?? [])
            .Concat(description?.Requires.Select(r => $"{r.Key.Text} {r.Value}") ?? [])
            .Order(PathOrder.Bytes);
        return Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n")));
    }
}
