using Pm.Packages;
using Pm.Repositories.Serving;
using Xunit;

namespace Pm.Repositories.Tests.Serving;

/// <summary>Which repositories a server has, and under which names.</summary>
public sealed class RepositorySetTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly List<string> _warnings = [];

    [Fact]
    public void Repositories_are_found_below_a_directory_by_their_paths()
    {
        Make("a/stable");
        Make("a/b/testing");
        Make("plain");

        Assert.Equal(["a/b/testing", "a/stable", "plain"], Names(_directory.Path));
    }

    [Fact]
    public void A_repository_itself_has_no_namespace_unless_it_is_given_one()
    {
        Make("main");

        Assert.Equal([""], Names(_directory["main"]));
        Assert.Equal(["x/y"], Names($"x/y={_directory["main"]}"));
    }

    [Fact]
    public void What_lies_within_a_repository_is_no_other()
    {
        Make("main");
        Make("main/repository/inner");

        Assert.Equal(["main"], Names(_directory.Path));
    }

    [Fact]
    public void The_longest_namespace_is_found_in_a_path_of_any_length()
    {
        var name = string.Join('/', Enumerable.Repeat("a", 16));
        Make(name);
        Make("b");
        var set = RepositorySet.Open([_directory.Path], _ => { });

        Assert.Equal(name, set.Resolve($"{name}/x/y", out var rest)?.Namespace);
        Assert.Equal("x/y", rest.ToString());
        Assert.Null(set.Resolve($"{string.Join('/', Enumerable.Repeat("c", 2000))}", out _));
    }

    [Fact]
    public void A_link_to_a_repository_is_not_followed()
    {
        Make("main");
        Directory.CreateSymbolicLink(_directory["link"], _directory["main"]);

        Assert.Equal(["main"], Names(_directory.Path));
    }

    [Theory]
    [InlineData("api")]
    [InlineData("health/x")]
    [InlineData("with space")]
    [InlineData("-dash")]
    public void A_name_that_cannot_be_in_a_url_is_passed_over_and_said(string name)
    {
        Make("good");
        Make(name);

        Assert.Equal(["good"], Names(_directory.Path));
        Assert.Equal(name.Contains('/') ? 0 : 1, _warnings.Count);
    }

    [Fact]
    public void No_repository_is_an_error() => Assert.Equal("PM5201", Code(() => Names(_directory.Path)));

    [Fact]
    public void Two_with_one_name_are_an_error()
    {
        Make("one/main");
        Make("two/main");

        Assert.Equal("PM5202", Code(() => Names(_directory["one/main"], _directory["two/main"])));
        Assert.Equal("PM5202", Code(() => Names(_directory["one"], _directory["two"])));
        Assert.Equal(["a", "b"], Names($"a={_directory["one/main"]}", $"b={_directory["two/main"]}"));
    }

    [Fact]
    public void None_may_lie_within_the_urls_of_another()
    {
        Make("one");
        Make("two");

        Assert.Equal("PM5202", Code(() => Names($"a={_directory["one"]}", $"a/b={_directory["two"]}")));
        Assert.Equal("PM5202", Code(() => Names(_directory["one"], $"b={_directory["two"]}")));
    }

    [Fact]
    public void A_path_belongs_to_the_repository_whose_namespace_it_begins_with()
    {
        Make("a/b");
        Make("ab");
        var set = Open(_directory.Path);

        Assert.Equal(("a/b", "x/y"), Resolve(set, "a/b/x/y"));
        Assert.Equal(("a/b", ""), Resolve(set, "a/b"));
        Assert.Equal(("ab", "x"), Resolve(set, "ab/x"));
        Assert.Equal((null, ""), Resolve(set, "a/x"));
        Assert.Equal((null, ""), Resolve(set, ""));
        Assert.Equal((null, ""), Resolve(set, "a/bc/x"));
    }

    [Fact]
    public void A_reload_finds_new_ones_and_keeps_those_that_were()
    {
        Make("one");
        var set = Open(_directory.Path);
        var before = set.Find("one");
        Make("two");
        set.Reload();

        Assert.Equal(["one", "two"], set.All.Select(r => r.Namespace));
        Assert.Same(before, set.Find("one"));
    }

    [Fact]
    public void A_reload_that_fails_changes_nothing()
    {
        Make("one");
        var set = Open(_directory.Path);
        Directory.Move(_directory["one"], _directory["-gone"]);

        Assert.Equal("PM5201", Code(set.Reload));
        Assert.Equal(["one"], set.All.Select(r => r.Namespace));
    }

    [Fact]
    public void A_change_is_told_to_who_waits()
    {
        using var fixture = new RepositoryFixture();
        var repository = RepositorySet.Open([fixture.Path], _warnings.Add).All[0];
        var changed = repository.Changed;

        Assert.False(repository.Refresh());
        Assert.False(changed.IsCompleted);
        fixture.Publish(new SamplePackage("foo@1.0", "one"));
        Assert.True(repository.Refresh());
        Assert.True(changed.IsCompletedSuccessfully);
        Assert.False(repository.Changed.IsCompleted);
        Assert.Equal(2, repository.Version);
        Assert.Equal("foo@1.0", Assert.Single(repository.Catalogue.Versions(PackageName.Parse("foo"))).Package.Id.ToString());
    }

    [Fact]
    public void A_directory_that_was_replaced_is_opened_anew()
    {
        using var fixture = new RepositoryFixture();
        var repository = RepositorySet.Open([fixture.Path], _warnings.Add).All[0];
        TemporaryDirectory.Copy(fixture.Served, $"{fixture.Served}.new");
        File.WriteAllText($"{fixture.Served}.new/note", "x");
        Directory.Move(fixture.Served, $"{fixture.Served}.old");
        Directory.Move($"{fixture.Served}.new", fixture.Served);
        _ = repository.Refresh();

        using var file = repository.Files.Find("note");
        Assert.NotNull(file);
    }

    public void Dispose() => _directory.Dispose();

    void Make(string name)
    {
        var served = Directory.CreateDirectory(_directory[$"{name}/repository"]).FullName;
        File.WriteAllText($"{served}/timestamp.json", "{}");
    }

    RepositorySet Open(params string[] arguments) => RepositorySet.Open(arguments, _warnings.Add);

    IEnumerable<string> Names(params string[] arguments) => Open(arguments).All.Select(r => r.Namespace);

    static string Code(Action action) => Assert.Throws<RepositoryException>(action).Code;

    static string Code<T>(Func<T> action) => Code(() => { _ = action(); });

    static (string? Namespace, string Path) Resolve(RepositorySet set, string path)
    {
        var found = set.Resolve(path, out var rest);
        return (found?.Namespace, rest.ToString());
    }
}
