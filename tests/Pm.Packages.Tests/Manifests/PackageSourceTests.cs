using Pm.Packages.Manifests;
using Xunit;

namespace Pm.Packages.Tests.Manifests;

public class PackageSourceTests
{
    static readonly string Digest = new('a', 64);
    static readonly string Commit = new('c', 40);

    [Fact]
    public void Each_kind_of_source_is_one_text()
    {
        Assert.Equal(new GitSource("https://h/o/n.git", GitReferenceKind.Default, "", null), Read("git+https://h/o/n.git"));
        Assert.Equal(new GitSource("ssh://git@h:22/o/n", GitReferenceKind.Name, "feature/x", null), Read("git+ssh://git@h:22/o/n#feature/x"));
        Assert.Equal(new GitSource("file:///srv/n.git", GitReferenceKind.Commit, Commit, "a/b"), Read($"git+file:///srv/n.git#{Commit.ToUpperInvariant()}?path=a/b"));
        Assert.Equal(new GitSource("https://h/n", GitReferenceKind.Default, "", "sub"), Read("git+https://h/n#?path=sub"));
        Assert.Equal(new GitSource("https://github.com/o/n.git", GitReferenceKind.Name, "v1", null), Read("github:o/n#v1"));
        Assert.Equal(new GitSource("https://gitlab.com/g/s/n.git", GitReferenceKind.Default, "", null), Read("gitlab:g/s/n"));
        Assert.Equal(new GitSource("https://bitbucket.org/o/n.git", GitReferenceKind.Default, "", null), Read("bitbucket:o/n.git"));
        Assert.Equal(new ArchiveSource("https://h/x.tar.gz", Digest), Read($"https://h/x.tar.gz#sha256={Digest.ToUpperInvariant()}"));
        Assert.Equal(new PathSource("../x"), Read("../x"));
        Assert.Equal(new PathSource("/x y"), Read("/x y"));
    }

    [Theory]
    [InlineData("git+ext::sh -c x")]
    [InlineData("git+ext://x")]
    [InlineData("git+--upload-pack=x")]
    [InlineData("git+https://--upload-pack=x/y")]
    [InlineData("git+ssh://-oProxyCommand=x/y")]
    [InlineData("git+ssh://git@-oProxyCommand=x/y")]
    [InlineData("git+ssh://-oProxyCommand=x@h/y")]
    [InlineData("git+https://h/\nx")]
    [InlineData("git+https://h/x y")]
    [InlineData("git+https://")]
    [InlineData("git+file://x/y")]
    [InlineData("git+https://user:secret@h/x")]
    [InlineData("git+https://h/x#--upload-pack=y")]
    [InlineData("git+https://h/x#a..b")]
    [InlineData("git+https://h/x#a b")]
    [InlineData("git+https://h/x#a:b")]
    [InlineData("git+https://h/x#a~1")]
    [InlineData("git+https://h/x#@{1}")]
    [InlineData("git+https://h/x#/a")]
    [InlineData("git+https://h/x#a.lock/b")]
    [InlineData("git+https://h/x#.a")]
    [InlineData("git+https://h/x#a?path=../b")]
    [InlineData("git+https://h/x#a?path=/b")]
    [InlineData("git+https://h/x#a?path=")]
    [InlineData("github:o")]
    [InlineData("github:o/n/m")]
    [InlineData("github:../n")]
    [InlineData("github:o/-n")]
    [InlineData("https://h/x.tar.gz")]
    [InlineData("https://h/x.tar.gz#sha256=12")]
    [InlineData("ftp://h/x")]
    [InlineData("^1")]
    [InlineData("name")]
    [InlineData("-x")]
    [InlineData("")]
    [InlineData("a\u0000b")]
    public void What_a_program_could_take_for_something_else_is_refused(string text)
    {
        Assert.NotNull(SourceText.Read(text, out var source));
        Assert.Null(source);
    }

    static PackageSource? Read(string text)
    {
        Assert.Null(SourceText.Read(text, out var source));
        return source;
    }
}
