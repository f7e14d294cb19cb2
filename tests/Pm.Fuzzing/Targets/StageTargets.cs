using Pm.Codecs;
using Pm.Blobs;
using Pm.Cli.Output;
using Pm.Fuzzing.Gear;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Packages.Tar;
using Pm.Remotes;
using Pm.Repositories.Tests;
using Pm.Stages.Bundles;

namespace Pm.Fuzzing.Targets;

/// <summary>What people bring, ask for and are shown.</summary>
static class StageTargets
{
    static readonly SamplePackage Sample = new("foo@1.0.0", "hello");

    static readonly PackageIndex Index = new([("r", RepositoryIndex.Of(
        [.. Enumerable.Range(0, 50).Select(i => new AvailablePackage(PackageId.Parse($"package-{i}@1.{i}")) { Description = $"the {i}th of all é" })]))]);

    public static IEnumerable<FuzzTarget> All { get; } =
    [
        new("bundle", ReadBundle)
        {
            Seeds = () => [BundleOf("asked/foo-1.0.0.pkg"), BundleOf("asked/a.pkg", "needed/b.pkg")],
            Allowed = [typeof(PackageFormatException), typeof(CodecException), typeof(BlobMismatchException)],
            Words = [.. Words.Tar, .. Words.Yaml, .. Words.Of("asked/", "needed/", ".pkg")],
            Repair = TarRepair.Headers,
        },
        new("project-bundle", ReadProjectBundle)
        {
            Seeds = () => [BundleOf("pm.lock", $"packages/{new string('a', 64)}.pkg"), BundleOf("pm.lock", $"git/{new string('a', 40)}", $"trees/{new string('b', 40)}.unusual")],
            Allowed = [typeof(PackageFormatException)],
            Words = [.. Words.Tar, .. Words.Toml, .. Words.Hex, .. Words.Of("pm.lock", "packages/", "git/", "trees/", "archives/", ".unusual", ".tar")],
            Repair = TarRepair.Headers,
        },
        new("package-url", ReadUrl)
        {
            Seeds = Reading.Seeds("https://h/a-1.pkg?x#sha256=" + new string('a', 64), "file:///a%20b.pkg"),
            Allowed = [typeof(RemoteException)],
            Words = [.. Words.Hex, .. Words.Of("://", "#sha256=", "?", "#", "file://", "https://", "%00", "[::1]")],
            MaximumLength = 4096,
        },
        new("search-words", Search)
        {
            Seeds = Reading.Seeds("package all", "é 7th", "package-1 th"),
            Words = Words.Text,
            MaximumLength = 4096,
        },
        new("terminal", Show)
        {
            Seeds = Reading.Seeds("a line\nand another", "\u001b[2J\u202e"),
            Words = [.. Words.Text, .. Words.Of("\u009b", "\u2066", "\u2069", "\u007f", "\u0007", "\u001b]0;x\u0007")],
            MaximumLength = 4096,
        },
    ];

    static byte[] BundleOf(params string[] names)
    {
        using var target = new MemoryStream();
        var writer = new TarWriter(target);
        foreach (var name in names)
        {
            writer.WriteFile(name, 0x1a4, name == "pm.lock" ? "format = 1\n"u8.ToArray() : Sample.ToPkg());
        }

        writer.Finish();
        return target.ToArray();
    }

    [ThreadStatic]
    static string? _file;

    static void ReadBundle(byte[] bytes)
    {
        _file ??= TemporaryFile("bundle");
        File.WriteAllBytes(_file, bytes);
        var bundle = Bundle.Read(_file, "x");
        Assert.NotEmpty(bundle.Asked);
        foreach (var package in bundle.All)
        {
            using var stream = package.Open();
            Assert.InRange(stream.Length, 1, bytes.Length);
        }
    }

    static void ReadProjectBundle(byte[] bytes)
    {
        _file ??= TemporaryFile("bundle");
        File.WriteAllBytes(_file, bytes);
        var bundle = ProjectBundle.Read(_file, "x");
        using var tree = bundle.OpenTree(new string('b', 40));
        Assert.True(tree is null || tree.Length <= bytes.Length);
        Assert.InRange(bundle.Object(new string('a', 40))?.Length ?? 0, 0, bytes.Length);
        Assert.InRange(bundle.Unusual(new string('b', 40)).Length, 0, bytes.Length);
    }

    /// <summary>Kept for all inputs, removed when the process ends.</summary>
    public static string TemporaryFile(string name)
    {
        var folder = Directory.CreateTempSubdirectory("pm-fuzz-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        return Path.Combine(folder.FullName, name);
    }

    static void ReadUrl(byte[] bytes)
    {
        var url = PackageUrl.Parse(Reading.Text(bytes));
        Assert.Contains(url.Url.Scheme, (string[])["http", "https", "file"]);
        Assert.DoesNotContain(url.ToString(), char.IsControl);
    }

    static void Search(byte[] bytes)
    {
        var text = Reading.Text(bytes);
        Assert.InRange(Index.Search(text.Split(' '), 10).Hits.Count, 0, 10);
        _ = Index.Suggest(text);
        _ = Index.StartingWith(text).Count();
    }

    /// <summary>Nothing that is shown moves a cursor, and one line stays one.</summary>
    static void Show(byte[] bytes)
    {
        var text = Reading.Text(bytes);
        Assert.DoesNotContain(Hostile.OneLine(text), c => char.IsControl(c) || c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069'));
        Assert.DoesNotContain(Hostile.Visible(text), c => char.IsControl(c) && c != '\n');
    }
}
