using System.Diagnostics;
using Pm.Packages.Index;
using Xunit;

namespace Pm.Packages.Tests.Index;

public class PackageIndexTests
{
    [Fact]
    public void The_first_remote_wins_a_name_with_all_its_versions()
    {
        var index = new PackageIndex([("one", Document("foo@1.0.0", "foo@1.1.0")), ("two", Document("foo@9.0.0", "bar@1.0.0"))]);

        Assert.Equal(["1.1.0", "1.0.0"], index.Versions(PackageName.Parse("foo")).Select(p => p.Version.Text));
        Assert.Equal("one", index.Newest(PackageName.Parse("foo"))!.Remote);
        Assert.Equal("two", index.Newest(PackageName.Parse("bar"))!.Remote);
        Assert.Equal(["bar", "foo"], index.Names.Select(n => n.Text));
        Assert.Null(index.Find(PackageId.Parse("foo@9.0.0")));
    }

    [Fact]
    public void A_pinned_name_comes_from_its_remote_or_from_none()
    {
        var pins = new Dictionary<PackageName, string> { [PackageName.Parse("foo")] = "two", [PackageName.Parse("bar")] = "three" };
        var index = new PackageIndex([("one", Document("foo@1.0.0", "bar@1.0.0")), ("two", Document("foo@0.5.0"))], pins);

        Assert.Equal("0.5.0", index.Newest(PackageName.Parse("foo"))!.Version.Text);
        Assert.Empty(index.Versions(PackageName.Parse("bar")));
    }

    [Fact]
    public void The_newest_is_a_release_that_is_not_yanked()
    {
        var index = Index(Of("foo@1.0.0"), Of("foo@1.2.0") with { IsYanked = true }, Of("foo@2.0.0-rc.1"), Of("only@1.0.0-rc.1"), Of("gone@1.0.0") with { IsYanked = true });

        Assert.Equal("1.0.0", index.Newest(PackageName.Parse("foo"))!.Version.Text);
        Assert.Equal("1.0.0-rc.1", index.Newest(PackageName.Parse("only"))!.Version.Text);
        Assert.Null(index.Newest(PackageName.Parse("gone")));
        Assert.Null(index.Newest(PackageName.Parse("nobody")));
        Assert.True(index.Find(PackageId.Parse("foo@1.2.0"))!.IsYanked);
        Assert.Equal(3, index.Versions(PackageName.Parse("foo")).Count);
    }

    [Fact]
    public void A_search_ranks_names_above_provides_above_descriptions()
    {
        var index = Index(
            Of("zz") with { Description = "like Grep" },
            Of("yy") with { Provides = ["grep"] },
            Of("pgrep"),
            Of("grep-tools"),
            Of("acme/grep"),
            Of("grep"),
            Of("other"),
            Of("hidden") with { Description = "grep", IsYanked = true });

        Assert.Equal(["acme/grep", "grep", "grep-tools", "pgrep", "yy", "zz"], index.Search(["GREP"]).Select(h => h.Package.Name.Text));
        Assert.Equal(["grep-tools"], index.Search(["tools", "grep"]).Select(h => h.Package.Name.Text));
        Assert.Empty(index.Search(["grep", "nothing"]));
        Assert.Equal(7, index.Search([]).Count);
    }

    [Fact]
    public void A_capability_is_provided_by_who_says_so_and_by_who_is_called_so()
    {
        var index = Index(Of("mta"), Of("postfix") with { Provides = ["mta"] }, Of("exim") with { Provides = ["mta", "mta"] });

        Assert.Equal(["exim", "mta", "postfix"], index.Providers("mta").Select(n => n.Text));
        Assert.Empty(index.Providers("nothing"));
    }

    [Theory]
    [InlineData("typescrpt", "typescript")]
    [InlineData("tyepscript", "typescript")]
    [InlineData("TypeScript", "typescript")]
    [InlineData("gerp", "grep")]
    [InlineData("zzzzzz", null)]
    public void A_slip_of_the_keyboard_is_guessed(string typed, string? meant) =>
        Assert.Equal(meant, Index(Of("typescript"), Of("grep"), Of("acme/other")).Suggest(typed).Select(n => n.Text).FirstOrDefault());

    [Fact]
    public void The_distance_is_the_least_number_of_slips()
    {
        var random = new Random(11);
        string Word() => string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => (char)('a' + random.Next(3))));
        for (var round = 0; round < 5000; round++)
        {
            var (a, b) = (Word(), Word());
            var expected = Naive(a, b);

            Assert.Equal(expected, EditDistance.Between(a, b, 10));
            Assert.Equal(Math.Min(expected, 3), Math.Min(EditDistance.Between(a, b, 2), 3));
        }
    }

    [Fact]
    public void Ten_thousand_packages_are_read_and_searched_in_no_time()
    {
        var bytes = AvailableDocument.Of(Enumerable.Range(0, 10_000).SelectMany(i => new[] { Of($"package-{i}@1.0.0"), Of($"package-{i}@1.1.0") })).ToBytes();
        var watch = Stopwatch.StartNew();

        var index = new PackageIndex([(null, AvailableDocument.Parse(bytes))]);
        var hits = index.Search(["package-77"]);
        var guess = index.Suggest("pakage-7777");

        Assert.Equal(111, hits.Count);
        Assert.Equal("package-7777", guess[0].Text);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{watch.Elapsed}");
        TestContext.Current.TestOutputHelper?.WriteLine($"{watch.ElapsedMilliseconds} ms, {bytes.Length} bytes");
    }

    static int Naive(string a, string b)
    {
        if (a.Length == 0 || b.Length == 0)
        {
            return a.Length + b.Length;
        }

        var best = Math.Min(Naive(a[..^1], b) + 1, Naive(a, b[..^1]) + 1);
        best = Math.Min(best, Naive(a[..^1], b[..^1]) + (a[^1] == b[^1] ? 0 : 1));
        return a.Length > 1 && b.Length > 1 && a[^1] == b[^2] && a[^2] == b[^1] ? Math.Min(best, Naive(a[..^2], b[..^2]) + 1) : best;
    }

    static AvailablePackage Of(string id) =>
        new(PackageId.Parse(id.Contains('@') ? id : id + "@1.0.0")) { Description = "what it is" };

    static AvailableDocument Document(params string[] ids) => AvailableDocument.Of(ids.Select(Of));

    static PackageIndex Index(params AvailablePackage[] packages) => new([(null, AvailableDocument.Of(packages))]);
}
