using System.Diagnostics;
using System.Text.RegularExpressions;
using Pm.Packages.Manifests;
using Pm.Packages.Versions;
using Xunit;

namespace Pm.Packages.Tests.Manifests;

public partial class ManifestTests
{
    const string Digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    [Fact]
    public void The_example_of_the_format_page_is_read_whole()
    {
        var manifest = Manifest.Parse(Sample.Bytes(Example("toml")), "pm.toml");

        Assert.Empty(manifest.UnknownFields);
        Assert.Equal(("acme/frobnicator", "1.2.0", "Frobnicates.", "Frobnicator", "MIT OR Apache-2.0", "https://example.org/frobnicator"),
            (manifest.Package!.Name.Text, manifest.Package.Version.Text, manifest.Package.Description, manifest.Package.Title, manifest.Package.Licence!.Text, manifest.Package.Homepage));
        Assert.Equal(["tools"], manifest.Package.Categories);
        Assert.Equal(["frobnicate"], manifest.Package.Provides);
        Assert.Equal(["share/**", "README.md"], manifest.Package.Files);
        var module = Assert.Single(manifest.Modules);
        Assert.Equal(("frob", "src/frob.bpf.c", null, "struct event"), (module.Name, module.Source, module.Version, module.Events["rb"].Type));
        Assert.Equal("ip", module.Events["rb"].Readings["saddr"]);
        Assert.Equal(["by_fentry", "by_tp"], Assert.Single(module.Fallbacks));
        Assert.Equal(["DEBUG", "MOST=64"], module.Defines);
        Assert.Equal(
            ["bar", "acme/baz", "extra", "lib", "tool", "data", "near", "same", "hidden", "libbpf"],
            manifest.Dependencies.Select(d => d.Name.Text));
        Assert.Equal(
            [
                new RemoteSource(null),
                new RemoteSource("main"),
                new RemoteSource(null),
                new GitSource("https://example.org/lib.git", GitReferenceKind.Branch, "main", "packages/lib"),
                new GitSource("https://github.com/acme/tool.git", GitReferenceKind.Tag, "v1.0.0", null),
                new ArchiveSource("https://example.org/data.tar.zst", Digest),
                new PathSource("../near"),
                new GitSource("https://example.org/same.git", GitReferenceKind.Name, "v2", "sub"),
                new RemoteSource(null),
                new RemoteSource(null),
            ],
            manifest.Dependencies.Select(d => d.Source));
        Assert.Equal(VersionRequirement.Parse("^1.2"), manifest.Dependencies[0].Requirement);
        Assert.Equal("pm.toml:21:1", manifest.Document.Fault("PM0000", "x", manifest.Dependencies[0].Key).Where);
        Assert.Equal(["fast"], manifest.Dependencies[1].Features);
        Assert.Equal([false, false, true], manifest.Dependencies.Take(3).Select(d => d.IsOptional));
        Assert.Equal(VersionRequirement.Any, manifest.Dependencies[3].Requirement);
        Assert.Equal([DependencyScope.Public, DependencyScope.Private, DependencyScope.Build], manifest.Dependencies.Skip(7).Select(d => d.Scope));
        Assert.Equal([new ManifestRemote("main", "https://pkg.example.org/linux/amd64", Digest), new ManifestRemote("local", "file:///srv/packages", null)], manifest.Remotes);
        Assert.Equal(["make", "install"], manifest.Build!.Command);
        Assert.Equal([KeyValuePair.Create("CFLAGS", "-O2")], manifest.Build.Environment);
        Assert.Equal([new ManifestConstraint("clang", VersionRequirement.Parse(">=14")), new ManifestConstraint("linux", VersionRequirement.Parse(">=5.8"))], manifest.Constraints);
        Assert.Equal(["x86_64", "aarch64"], manifest.Architectures);
        Assert.Equal(["default", "fast"], manifest.Features.Select(f => f.Name));
        Assert.Equal(["extra"], manifest.Features[1].Brings);
        Assert.Equal(["packages/*"], manifest.Workspace!.Members);
        Assert.Equal(["packages/old"], manifest.Workspace.Excluded);
        Assert.Equal(
            [("bar", new PathSource("../bar")), ("acme/baz", new GitSource("https://example.org/baz.git", GitReferenceKind.Name, "fix", null))],
            manifest.Patches.Select(p => (p.Name.Text, p.Source)));
    }

    [Fact]
    public void The_same_is_read_in_json()
    {
        var manifest = Manifest.ParseJson(Sample.Bytes(Example("json")), "ebpm.json");

        Assert.Equal(
            [
                new ManifestModule("opensnoop", "https://example.org/opensnoop.json", PackageVersion.Parse("0.1")),
                new ManifestModule("mine", "./mine.bpf.o", PackageVersion.Parse("1.0.0")),
            ],
            manifest.Modules);
    }

    [Fact]
    public void The_template_of_a_new_package_is_read()
    {
        var manifest = Manifest.Parse("[package]\nname = \"username/my_package\"\nversion = \"0.1.0\"\ndescription = \"\"\nlicense = \"MIT\"\n\n[[module]]\nname = \"my_app\"\nsource = \"path/to/app.ebpf\"\n"u8.ToArray(), "pm.toml");

        Assert.Equal("username/my_package", manifest.Package!.Name.Text);
        Assert.Equal([new ManifestModule("my_app", "path/to/app.ebpf", null)], manifest.Modules);
    }

    [Fact]
    public void A_project_without_a_package_brings_its_modules_down()
    {
        var manifest = Manifest.Parse("""
            [dependencies]
            bar = "*"
            [[module]]
            name = "a"
            version = 0.10
            [[module]]
            name = "b"
            path = "https://example.org/b.json"
            [[module]]
            name = "c"
            path = "mine/c.bpf.o"
            [[module]]
            name = "d"
            source = "git+https://example.org/d.git#v1"
            """u8.ToArray(), "ebpm.toml");

        Assert.Equal(["bar", "a", "b", "c", "d"], manifest.Dependencies.Select(d => d.Name.Text));
        Assert.Equal([null, 0, 1, 2, 3], manifest.Dependencies.Select(d => d.Module));
        Assert.Equal("0.10", manifest.Dependencies[1].Requirement.Exact!.Text);
        Assert.Equal(
            [
                new RemoteSource(null), new RemoteSource(null), new LinkSource("https://example.org/b.json"), new PathSource("mine/c.bpf.o"),
                new GitSource("https://example.org/d.git", GitReferenceKind.Name, "v1", null),
            ],
            manifest.Dependencies.Select(d => d.Source));
    }

    [Fact]
    public void Modules_of_a_package_are_its_own_but_for_those_elsewhere()
    {
        var manifest = Manifest.Parse("""
            package = { name = "p", version = "1" }
            module = [{ name = "My_App", source = "src/app.c" }, { name = "other" }, { name = "far", source = "https://example.org/x" }]
            """u8.ToArray(), "pm.toml");

        Assert.Equal("far", Assert.Single(manifest.Dependencies).Name.Text);
        Assert.Equal(3, manifest.Modules.Length);
    }

    [Theory]
    [InlineData("[[module]]\nname = 'A B'", "2:8")]
    [InlineData("[[module]]\nname = 'a'\npath = 'ftp://example.org/x'", "3:8")]
    [InlineData("[[module]]\nname = 'a'\npath = 'https://u:p@example.org/x'", "3:8")]
    [InlineData("[[module]]\nname = 'a'\npath = 'https://example.org/x#sha256=1'", "3:8")]
    [InlineData("[[module]]\nname = 'a'\npath = '-rf'", "3:8")]
    [InlineData("[[module]]\nname = 'a'\n[[module]]\nname = 'a'", "4:8")]
    [InlineData("dependencies.a = '*'\n[[module]]\nname = 'a'", "3:8")]
    public void A_module_that_cannot_be_brought_is_named_with_its_place(string toml, string place)
    {
        var fault = Assert.Throws<PackageFormatException>(() => Manifest.Parse(Sample.Bytes(toml), "x"));

        Assert.StartsWith($"x:{place}", fault.Where, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.10", "0.10")]
    [InlineData("0.1", "0.1")]
    [InlineData("1", "1")]
    [InlineData("'1.2.3-rc.1'", "1.2.3-rc.1")]
    public void A_version_without_quotes_is_what_stands_there(string toml, string version)
    {
        Assert.Equal(version, Manifest.Parse(Sample.Bytes($"module = [{{name = 'a', version = {toml}}}]"), "x").Modules[0].Version!.Text);
        Assert.Equal(version, Manifest.ParseJson(Sample.Bytes($$"""{"module": [{"name": "a", "version": {{toml.Replace('\'', '"')}}}]}"""), "x").Modules[0].Version!.Text);
    }

    [Fact]
    public void Unknown_keys_are_listed_with_what_was_perhaps_meant()
    {
        var manifest = Manifest.Parse("[package]\nname = 'a'\nversion = '1'\nlisence = 'MIT'\n\n[dependancies]\n[dependencies]\nb = {verion = '1'}\n[settings]\nx = 1\n"u8.ToArray(), "x");

        Assert.Equal(
            [
                new UnknownField("package.lisence", new TextPosition(4, 1), "licence"),
                new UnknownField("dependencies.b.verion", new TextPosition(8, 6), "version"),
                new UnknownField("dependancies", new TextPosition(6, 2), "dependencies"),
            ],
            manifest.UnknownFields);
    }

    [Theory]
    [InlineData("package = 1", "PM2110", "1:11")]
    [InlineData("[package]\nname = 'a'", "PM2110", "1:1")]
    [InlineData("[package]\nname = 1\nversion = '1'", "PM2110", "2:8")]
    [InlineData("[package]\nname = 'A'\nversion = '1'", "PM2001", "2:8")]
    [InlineData("[package]\nname = 'a'\nversion = ''", "PM2002", "3:11")]
    [InlineData("[package]\nname = 'a'\nversion = true", "PM2110", "3:11")]
    [InlineData("[package]\nname = 'a'\nversion = '1'\nlicense = 'MIT or X'", "PM2110", "4:11")]
    [InlineData("[package]\nname = 'a'\nversion = '1'\nlicense = 'MIT'\nlicence = 'MIT'", "PM2110", "4:11")]
    [InlineData("[package]\nname = 'a'\nversion = '1'\ntitle = \"a\\nb\"", "PM2110", "4:9")]
    [InlineData("[package]\nname = 'a'\nversion = '1'\nfiles = ['a', '../b']", "PM2110", "4:9")]
    [InlineData("[package]\nname = 'a'\nversion = '1'\nfiles = 'a'", "PM2110", "4:9")]
    [InlineData("[package]\nname = 'a'\nversion = '1'\ncategories = ['a', 1]", "PM2110", "4:20")]
    [InlineData("[module]\nname = 'a'", "PM2110", "1:1")]
    [InlineData("[[module]]\nsource = 'a'", "PM2110", "1:1")]
    [InlineData("[[module]]\nname = 'a'\nsource = 'a'\npath = 'b'", "PM2110", "4:8")]
    [InlineData("[dependencies]\nB = '1'", "PM2001", "2:1")]
    [InlineData("[dependencies]\nb = '^1, >='", "PM2031", "2:12")]
    [InlineData("[dependencies]\nb = {version = \"\\u005e1, >=\"}", "PM2031", "2:16")]
    [InlineData("[dependencies]\nb = 1", "PM2110", "2:5")]
    [InlineData("[dependencies]\nb = {version = 1}", "PM2110", "2:16")]
    [InlineData("[dependencies]\nb = {optional = 'yes'}", "PM2110", "2:17")]
    [InlineData("[dependencies]\nprivate = '1'", "PM2110", "2:11")]
    [InlineData("[dependencies]\nb = '1'\n[dependencies.private]\nb = '1'", "PM2110", "4:1")]
    [InlineData("[package]\nname = 'b'\nversion = '1'\n[dependencies]\nb = '1'", "PM2110", "5:1")]
    [InlineData("[dependencies]\nb = {git = 'https://x/y', path = '/z'}", "PM2110", "2:12")]
    [InlineData("[dependencies]\nb = {git = 'https://x/y', url = 'https://x/y'}", "PM2110", "2:33")]
    [InlineData("[dependencies]\nb = {branch = 'x'}", "PM2110", "2:15")]
    [InlineData("[dependencies]\nb = {git = 'https://x/y', branch = 'x', tag = 'y'}", "PM2110", "2:47")]
    [InlineData("[dependencies]\nb = {path = 'x', sha256 = 'y'}", "PM2110", "2:27")]
    [InlineData("[dependencies]\nb = {url = 'https://x/y'}", "PM2110", "2:5")]
    [InlineData("[remotes]\nm = {root = 'x'}", "PM2110", "2:5")]
    [InlineData("[remotes]\nm = {url = 'https://x', root = 'x'}", "PM2110", "2:32")]
    [InlineData("[remotes]\nm = '--upload-pack=x'", "PM2110", "2:5")]
    [InlineData("[remotes]\nm = 'https://user:secret@h'", "PM2110", "2:5")]
    [InlineData("[remotes]\nm = 'ext://x'", "PM2110", "2:5")]
    [InlineData("[remotes]\n'a/b' = 'https://h'", "PM2110", "2:9")]
    [InlineData("[build]\ncommand = []", "PM2110", "2:11")]
    [InlineData("[build]\ncommand = 1", "PM2110", "2:11")]
    [InlineData("[build]\ncommand = 'x'\npreset = 'make'", "PM2110", "3:10")]
    [InlineData("[build]\npreset = 'mkae'", "PM2110", "2:10")]
    [InlineData("[build.env]\n'a=b' = 'x'", "PM2110", "2:9")]
    [InlineData("[constraints]\nclang = 14", "PM2110", "2:9")]
    [InlineData("[constraints]\narch = 'x86_64'", "PM2110", "2:8")]
    [InlineData("[features]\na = ['b']", "PM2110", "2:5")]
    [InlineData("[dependencies]\nb = '1'\n[features]\na = ['b']", "PM2110", "4:5")]
    [InlineData("[workspace]\nmembers = ['/x']", "PM2110", "2:11")]
    [InlineData("[patch]\nb = '^1'", "PM2110", "2:5")]
    [InlineData("[patch]\nb = {version = '1'}", "PM2110", "2:5")]
    public void What_is_wrong_is_named_with_its_place(string toml, string code, string where)
    {
        var fault = Assert.Throws<PackageFormatException>(() => Manifest.Parse(Sample.Bytes(toml), "x"));

        Assert.Equal((code, $"x:{where}"), (fault.Code, fault.Where));
    }

    [Fact]
    public void Curly_and_full_width_punctuation_is_an_error_with_its_fix()
    {
        foreach (var (toml, where, hint) in new[]
        {
            ("version = “0.1”", "x:1:11", "write `\"` instead of `“`"),
            ("version ＝ '1'", "x:1:9", "write `=` instead of `＝`"),
            ("［package]", "x:1:1", "write `[` instead of `［`"),
            ("a = [1，2]", "x:1:7", "write `,` instead of `，`"),
        })
        {
            var fault = Assert.Throws<PackageFormatException>(() => Manifest.Parse(Sample.Bytes(toml), "x"));
            Assert.Equal((where, hint), (fault.Where, fault.Hint));
        }

        var json = Assert.Throws<PackageFormatException>(() => Manifest.ParseJson(Sample.Bytes("{\n  “module”: []}"), "x"));
        Assert.Equal(("x:2:3", "write `\"` instead of `“`"), (json.Where, json.Hint));
    }

    [Theory]
    [InlineData("", "1:1")]
    [InlineData("[]", "1:1")]
    [InlineData("{} {}", "1:4")]
    [InlineData("{\"a\": 1, \"a\": 2}", "1:10")]
    [InlineData("{\"module\": [null]}", "1:13")]
    [InlineData("{\"a\": \"\\ud800\"}", "1:7")]
    [InlineData("{\"a\": 1,}", "1:9")]
    [InlineData("{\"é\": x}", "1:7")]
    public void What_is_no_json_object_is_refused_with_its_place(string json, string where)
    {
        var fault = Assert.Throws<PackageFormatException>(() => Manifest.ParseJson(Sample.Bytes(json), "x"));

        Assert.Equal(("PM2111", $"x:{where}"), (fault.Code, fault.Where));
    }

    [Fact]
    public void Hostile_manifests_are_read_or_refused_in_bounded_time()
    {
        var clock = Stopwatch.StartNew();

        var many = Manifest.ParseJson(Sample.Bytes($"{{\"dependencies\": {{{string.Join(',', Enumerable.Range(0, 70_000).Select(i => $"\"n{i}\":\"\""))}}}}}".Replace("\"\"", "\"*\"", StringComparison.Ordinal)), "x");
        Assert.Equal(70_000, many.Dependencies.Length);
        var unknown = Manifest.Parse(Sample.Bytes(string.Concat(Enumerable.Range(0, 100_000).Select(i => $"n{i}=1\n"))), "x");
        Assert.Equal(Manifest.MostUnknown, unknown.UnknownFields.Length);
        Assert.Throws<PackageFormatException>(() => Manifest.Parse(Sample.Bytes($"[dependencies]\na = '{new string('|', 900_000)}'"), "x"));
        Assert.Throws<PackageFormatException>(() => Manifest.Parse(Sample.Bytes($"[package]\nname = 'a'\nversion = '1'\nlicense = '{new string('(', 1000)}'"), "x"));

        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
    }

    [Fact]
    public void Json_of_a_million_brackets_is_refused()
    {
        Assert.Throws<PackageFormatException>(() => Manifest.ParseJson(Sample.Bytes("{\"a\": " + new string('[', 1_000_000)), "x"));
        Assert.Throws<PackageFormatException>(() => Manifest.ParseJson(new byte[Manifest.MaximumSize + 1], "x"));
    }

    /// <summary>The block of the format page in a language.</summary>
    static string Example(string language, [System.Runtime.CompilerServices.CallerFilePath] string here = "")
    {
        var page = File.ReadAllText(Path.GetFullPath("../../../docs/formats/manifest.md", Path.GetDirectoryName(here)!));
        return Block().Matches(page).Single(m => m.Groups[1].Value == language).Groups[2].Value;
    }

    [GeneratedRegex("```([a-z]+)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
