using Pm.Packages;
using Pm.Packages.Index;
using Pm.Repositories.Browsing;
using Pm.Repositories.Serving;
using Xunit;

namespace Pm.Repositories.Tests.Browsing;

/// <summary>Packages that are looked into for people.</summary>
public sealed class OpenedPackagesTests : IDisposable
{
    readonly RepositoryFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void What_was_read_is_read_once()
    {
        var sample = new SamplePackage("a@1", "1");
        _fixture.Publish(sample);
        var (served, opened) = (Served(), new OpenedPackages());

        var package = opened.Open(served, Target(served, "a@1"));
        File.Delete(Path.Join(_fixture.Served, "blobs", sample.Package.Hash.ToString()));

        Assert.Equal(sample.Package.Entries, package!.Entries);
        Assert.Same(package, opened.Open(served, Target(served, "a@1")));
    }

    [Fact]
    public void What_was_not_looked_at_for_longest_leaves_first()
    {
        SamplePackage[] samples = [new("a@1", "1"), new("b@1", "2"), new("c@1", "3")];
        _fixture.Publish(samples);
        var served = Served();
        var opened = new OpenedPackages(samples.Sum(sample => sample.Package.MetaFar.Length) - 1);
        var first = opened.Open(served, Target(served, "a@1"));
        var second = opened.Open(served, Target(served, "b@1"));
        Assert.Same(first, opened.Open(served, Target(served, "a@1")));

        _ = opened.Open(served, Target(served, "c@1"));

        Assert.Same(first, opened.Open(served, Target(served, "a@1")));
        Assert.NotSame(second, opened.Open(served, Target(served, "b@1")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(100)]
    public void What_is_not_what_was_published_is_not_shown(int change)
    {
        var sample = new SamplePackage("a@1", "1");
        _fixture.Publish(sample);
        var path = Path.Join(_fixture.Served, "blobs", sample.Package.Hash.ToString());
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllBytes(path, change < 0 ? bytes[..^-change] : [.. bytes, .. new byte[change]]);
        var served = Served();

        Assert.Null(new OpenedPackages().Open(served, Target(served, "a@1")));
    }

    [Fact]
    public void What_is_too_large_or_travels_as_its_pkg_alone_is_not_read()
    {
        _fixture.Publish(new SamplePackage("a@1", "1"));
        var (served, opened) = (Served(), new OpenedPackages());
        var target = Target(served, "a@1");

        Assert.Null(opened.Open(served, target with { MetaSizeInBytes = OpenedPackages.MaximumSize + 1L }));
        Assert.Null(opened.Open(served, target with { MetaSizeInBytes = null }));
        Assert.Null(opened.Open(served, target with { Package = target.Package with { Hash = null } }));
    }

    ServedRepository Served() => RepositorySet.Open([_fixture.Path], _ => { }).All[0];

    static PublishedTarget Target(ServedRepository served, string id) =>
        served.Catalogue.Versions(PackageId.Parse(id).Name).Single(target => target.Package.Id == PackageId.Parse(id));
}
