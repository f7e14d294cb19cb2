using Pm.Blobs;
using Pm.Linux;
using Pm.Packages;
using Pm.Storage.Planning;
using Pm.Storage.Verifying;

namespace Pm.Storage;

/// <summary>
/// Compares a root, byte by byte, with what its current generation says, and mends it from the store. Reading takes no lock.
/// </summary>
public static class Verification
{
    /// <summary>Looks; touches nothing.</summary>
    /// <exception cref="NotInstalledException">A named package is not there.</exception>
    public static VerificationReport Verify(
        Root root, Store store, VerificationOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(options);
        if (root.Current is not { } current)
        {
            return new VerificationReport([], 0, 0);
        }
        foreach (var name in options.Packages)
        {
            _ = current.Find(name) ?? throw new NotInstalledException(name.Text, root.Path);
        }
        using var content = OpenContent(root, current.Number);
        if (content is null)
        {
            var missing = new VerificationFinding(
                Root.CurrentLink, VerificationKind.Missing, "pm", $"the tree of generation {current.Number}", "nothing");
            return new VerificationReport([missing], 0, 0);
        }
        var damaged = new List<VerificationFinding>();
        var packages = Open(store, current, options, damaged);
        var report = new TreeVerifier(
            new PackageTree([.. packages.Select(p => p.Package)]), content, store, current.FoundDirectories,
            i => packages[i].IsAsked).Run(options.Threads, cancellation);
        return report with { Findings = [.. damaged, .. report.Findings] };
    }

    /// <summary>
    /// Looks, and puts back what is damaged: from the store, and the store's own from
    /// <see cref="VerificationOptions.OpenReplacement"/>. Edited configuration stays. A changed file is kept as
    /// <c>.pm-save</c>.
    /// </summary>
    public static VerificationReport Repair(
        RootWriter writer, VerificationOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(writer);
        var report = Verify(writer.Root, writer.Store, options, cancellation);
        return report.IsClean ? report : new Repairer(writer, options).Repair(report, cancellation);
    }

    internal static DirectoryHandle? OpenContent(Root root, int number) =>
        root.Kind is RootKind.Prefix ? root.Top.OpenBeneath(".") : ApplicationTrees.TryOpen(root, number);

    static List<(Package Package, bool IsAsked)> Open(
        Store store, Generation current, VerificationOptions options, List<VerificationFinding> damaged)
    {
        var packages = new List<(Package, bool)>();
        foreach (var installed in current.Packages)
        {
            var isAsked = options.Packages.IsEmpty || options.Packages.Contains(installed.Id.Name);
            try
            {
                packages.Add((store.Require(installed.Hash), isAsked));
            }
            catch (Exception e) when (e is StoreException or PackageFormatException or BlobMismatchException)
            {
                damaged.Add(new VerificationFinding(
                    $"packages/{installed.Hash}", VerificationKind.DamagedPackage, installed.Id.ToString(),
                    $"package {installed.Hash}", e.Message));
            }
        }
        return packages;
    }
}
