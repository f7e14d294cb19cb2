using Pm.Packages.Index;
using Xunit;

namespace Pm.Packages.Tests.Index;

public class PackageIndexTests
{
    [Fact]
    public void The_first_remote_wins_a_name_with_all_its_versions()
    {
        var index = new PackageIndex([("one", Index("foo@1.0.0", "foo@1.1.0")), ("two", Index("foo@9.0.0", "bar@1.0.0"))]);

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
        var index = new PackageIndex([("one", Index("foo@1.0.0", "bar@1.0.0")), ("two", Index("foo@0.5.0"))], pins);

        Assert.Equal("0.5.0", index.Newest(PackageName.Parse("foo"))!.Version.Text);
        Assert.Empty(index.Versions(PackageName.Parse("bar")));
        Assert.Equal(["foo"], index.Names.Select(n => n.Text));
        Assert.Equal("two", Assert.Single(index.Search(["foo"]).Hits).Package.Remote);
    }

    [Fact]
    public void The_newest_is_a_release_that_is_not_yanked()
    {
        var index = Single(Of("foo@1.0.0"), Of("foo@1.2.0") with { IsYanked = true }, Of("foo@2.0.0-rc.1"), Of("only@1.0.0-rc.1"), Of("gone@1.0.0") with { IsYanked = true });

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
        var index = Single(
            Of("zz") with { Description = "like Grep" },
            Of("yy") with { Provides = ["grep"] },
            Of("pgrep"),
            Of("grep-tools"),
            Of("acme/grep"),
            Of("grep"),
            Of("other"),
            Of("hidden") with { Description = "grep", IsYanked = true });

        Assert.Equal(["acme/grep", "grep", "grep-tools", "pgrep", "yy", "zz"], Found(index, "GREP"));
        Assert.Equal(["grep-tools"], Found(index, "tools", "grep"));
        Assert.Empty(Found(index, "grep", "nothing"));
        Assert.Equal(7, index.Search([]).Total);
    }

    [Fact]
    public void Of_many_hits_the_best_are_given_and_all_are_counted()
    {
        var index = Single([.. Enumerable.Range(0, 50).Select(i => Of($"tool-{i:d2}")), Of("tool")]);

        var result = index.Search(["tool"], 3);

        Assert.Equal(["tool", "tool-00", "tool-01"], result.Hits.Select(h => h.Package.Name.Text));
        Assert.Equal(51, result.Total);
    }

    [Fact]
    public void A_capability_is_provided_by_who_says_so_and_by_who_is_called_so()
    {
        var index = Single(Of("mta"), Of("postfix") with { Provides = ["mta"] }, Of("exim") with { Provides = ["mta", "mta"] });

        Assert.Equal(["exim", "mta", "postfix"], index.Providers("mta").Select(n => n.Text));
        Assert.Empty(index.Providers("nothing"));
    }

    [Theory]
    [InlineData("typescrpt", "typescript")]
    [InlineData("tyepscript", "typescript")]
    [InlineData("TypeScript", "typescript")]
    [InlineData("Typescrpt", "typescript")]
    [InlineData("gerp", "grep")]
    [InlineData("zzzzzz", null)]
    public void A_slip_of_the_keyboard_is_guessed(string typed, string? meant) =>
        Assert.Equal(meant, Single(Of("typescript"), Of("grep"), Of("acme/other")).Suggest(typed).Select(n => n.Text).FirstOrDefault());

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

    static IEnumerable<string> Found(PackageIndex index, params string[] words) =>
        index.Search(words).Hits.Select(h => h.Package.Name.Text);

    static AvailablePackage Of(string id) =>
        new(PackageId.Parse(id.Contains('@') ? id : id + "@1.0.0")) { Description = "what it is" };

    static RepositoryIndex Index(params string[] ids) => RepositoryIndex.Of(ids.Select(Of));

    static PackageIndex Single(params AvailablePackage[] packages) => new([(null, RepositoryIndex.Of(packages))]);
}
