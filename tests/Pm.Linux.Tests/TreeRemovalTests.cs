using Xunit;

namespace Pm.Linux.Tests;

public class TreeRemovalTests
{
    [Fact]
    public void A_tree_goes_and_what_its_links_point_to_stays()
    {
        using var here = new TestDirectory();
        here.Write("outside/file", "kept");
        here.Write("tree/a/b/file", "");
        here.Write("tree/file", "");
        File.CreateSymbolicLink(here["tree/link"], here["outside"]);
        File.CreateSymbolicLink(here["tree/a/up"], "..");
        here.Handle.Symlink(here["outside"], "link");

        here.Handle.RemoveTree("tree");
        here.Handle.RemoveTree("link");
        here.Handle.RemoveTree("none");

        Assert.Equal("outside", Assert.Single(here.Handle.Entries()).Name);
        Assert.Equal("kept", File.ReadAllText(here["outside/file"]));
    }

    [Fact]
    public void A_tree_deeper_than_any_path_goes_too()
    {
        using var here = new TestDirectory();
        here.Handle.MakeDirectory("tree", Octal.Mode("755"));
        var at = here.Handle.OpenBeneath("tree");
        for (var i = 0; i < 3000; i++)
        {
            at.MakeDirectory("directory", Octal.Mode("755"));
            at.Symlink("x", "link");
            var next = at.OpenBeneath("directory");
            at.Dispose();
            at = next;
        }
        at.Dispose();

        here.Handle.RemoveTree("tree");

        Assert.Empty(here.Handle.Entries());
    }

    [Fact]
    public void Directories_their_owner_closed_are_opened_to_be_emptied()
    {
        using var here = new TestDirectory();
        here.Write("tree/closed/file", "");
        using (var tree = here.Handle.OpenBeneath("tree"))
        {
            tree.SetMode("closed", 0);
        }
        here.Handle.SetMode("tree", Octal.Mode("500"));

        here.Handle.RemoveTree("tree");

        Assert.Empty(here.Handle.Entries());
    }
}
