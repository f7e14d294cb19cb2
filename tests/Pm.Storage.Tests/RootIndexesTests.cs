using Pm.Linux;
using Pm.Packages;
using Pm.Packages.Index;
using Xunit;

namespace Pm.Storage.Tests;

public sealed class RootIndexesTests : IDisposable
{
    readonly string _path = Directory.CreateTempSubdirectory("pm-indexes-").FullName;
    readonly Root _root;
    readonly RootIndexes _indexes;

    public RootIndexesTests()
    {
        _root = Root.OpenOrCreate(_path, new RootSettings { Kind = RootKind.Prefix, StorePath = Path.Join(_path, "store"), Scope = "user" });
        _indexes = new RootIndexes(_root);
    }

    string File => Path.Join(_path, "var/lib/pm/index/home");

    public void Dispose()
    {
        WriteDoor.Fault = null;
        _root.Dispose();
        Directory.Delete(_path, recursive: true);
    }

    [Fact]
    public void There_is_none_before_the_first_and_after_the_last()
    {
        Assert.Null(_indexes.TryOpen("home"));
        Write("foo@1.0.0");
        Assert.Equal(["foo"], Names());

        _indexes.Remove("home");
        _indexes.Remove("home");

        Assert.Null(_indexes.TryOpen("home"));
    }

    [Fact]
    public void Who_has_one_open_keeps_it_while_it_is_replaced()
    {
        Write("foo@1.0.0");
        using var open = _indexes.TryOpen("home")!;

        Write("bar@1.0.0");

        Assert.Equal("foo@1.0.0", open.Index.Newest(PackageName.Parse("foo"))!.Package.Id.ToString());
        Assert.Equal(["bar"], Names());
    }

    [Fact]
    public void After_the_end_nothing_can_be_read()
    {
        Write("foo@1.0.0");
        var open = _indexes.TryOpen("home")!;

        open.Dispose();

        Assert.Throws<ObjectDisposedException>(() => open.Index.Versions(PackageName.Parse("foo")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("pm-index")]
    public void A_damaged_one_is_refused_or_as_good_as_none(string content)
    {
        Write("foo@1.0.0");
        System.IO.File.WriteAllText(File, content);

        var refused = Assert.Throws<PackageFormatException>(() => _indexes.TryOpen("home"));

        Assert.Equal(("PM2018", File), (refused.Code, refused.Where));
        Assert.Null(_indexes.TryOpenWhole("home"));
    }

    [Theory]
    [InlineData("enospc@{0}")]
    [InlineData("eio@{0}+")]
    public void Cut_off_at_any_write_the_old_one_is_there_or_the_new(string fault)
    {
        for (var n = 1; ; n++)
        {
            Write("foo@1.0.0");
            var armed = WriteFault.Parse(string.Format(null, fault, n), _path);
            WriteDoor.Fault = armed;
            var exception = Record.Exception(() => Write("bar@1.0.0"));
            WriteDoor.Fault = null;

            Assert.True(exception is null or SystemCallException, exception?.ToString());
            Assert.True(Names() is ["foo"] or ["bar"]);
            Write("baz@1.0.0");
            Assert.Equal(["home"], Directory.EnumerateFiles(Path.GetDirectoryName(File)!).Select(Path.GetFileName));
            if (!armed.HasStruck)
            {
                Assert.True(n > 4, $"only {n} writes");
                return;
            }
        }
    }

    void Write(string id) => _indexes.Replace("home", stream =>
    {
        var builder = new IndexBuilder();
        builder.Add(new IndexedPackage(new PublishedTarget(new AvailablePackage(PackageId.Parse(id)))));
        builder.Write(stream, IndexHead.OfNobody);
    });

    List<string> Names()
    {
        using var open = _indexes.TryOpen("home")!;
        return [.. open.Index.StartingWith("").Select(name => name.Text)];
    }
}
