using System.Text;
using Pm.Blobs;
using Pm.Packages;
using Pm.Storage;

namespace Pm.Stages.Tests;

/// <summary>Small packages in memory.</summary>
static class Samples
{
    public static Package Package(string id, string yaml = "", params string[] executables)
    {
        var packageId = PackageId.Parse(id);
        var builder = new PackageBuilder(packageId);
        builder.AddMeta(
            Packages.Package.DescriptionName,
            Encoding.UTF8.GetBytes($"name: {packageId.Name}\nversion: {packageId.Version}\ndescription: a test\n{yaml}"));
        foreach (var path in executables)
        {
            builder.AddFile(path, MerkleRoot.Of(Encoding.UTF8.GetBytes(path)), 0b111_101_101);
        }

        return builder.Build();
    }

    public static InstalledPackage Installed(Package package, bool isAsked = true, bool isPinned = false) => new()
    {
        Id = package.Id,
        Hash = package.Hash,
        IsAsked = isAsked,
        IsPinned = isPinned,
    };

    public static Generation Generation(params InstalledPackage[] packages) => new()
    {
        Number = 1,
        Made = DateTimeOffset.UnixEpoch,
        Command = "pm install",
        Packages = [.. packages.OrderBy(p => p.Id.Name)],
    };
}
