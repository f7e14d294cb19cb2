using Pm.Packages;
using Pm.Stages.Changes;
using Pm.Stages.Roots;
using Pm.Storage;
using Xunit;

namespace Pm.Stages.Tests;

public class ProposerTests
{
    static readonly Package Library = Samples.Package("lib@1.0");
    static readonly Package Application = Samples.Package("app@1.0", "deps: [lib]\n");
    static readonly Package Other = Samples.Package("other@1.0", "deps: [lib]\n");

    [Fact]
    public void Removing_takes_the_dependencies_that_nothing_else_needs()
    {
        var proposal = Possible(Proposer(Samples.Generation(Samples.Installed(Application), Samples.Installed(Library, isAsked: false)))
            .Remove([Application.Id.Name]));

        Assert.Equal(["remove app", "remove lib"], proposal.Changes.Select(c => $"{c.Verb} {c.Name}"));
    }

    [Fact]
    public void Removing_leaves_what_another_package_needs_or_somebody_asked_for()
    {
        var needed = Samples.Generation(Samples.Installed(Application), Samples.Installed(Other), Samples.Installed(Library, isAsked: false));
        var asked = Samples.Generation(Samples.Installed(Application), Samples.Installed(Library));

        Assert.Equal("app", Assert.Single(Possible(Proposer(needed).Remove([Application.Id.Name])).Changes).Name.Text);
        Assert.Equal("app", Assert.Single(Possible(Proposer(asked).Remove([Application.Id.Name])).Changes).Name.Text);
    }

    [Fact]
    public void What_is_needed_is_not_removed_and_the_hint_names_both()
    {
        var generation = Samples.Generation(Samples.Installed(Application), Samples.Installed(Library));

        var impossible = Assert.IsType<ProposalResult.Impossible>(Proposer(generation).Remove([Library.Id.Name]));

        Assert.Equal("PM7005", impossible.Conflict.Code);
        Assert.Equal("pm remove lib app", impossible.Conflict.Hint);
    }

    [Fact]
    public void A_dependency_that_is_named_becomes_one_that_was_asked_for()
    {
        var generation = Samples.Generation(Samples.Installed(Application), Samples.Installed(Library, isAsked: false));

        var change = Assert.Single(Possible(Proposer(generation).Install([new Dependency(Library.Id.Name, null)], [])).Changes);

        Assert.Equal(("mark", true), (change.Verb, change.New!.IsAsked));
    }

    [Fact]
    public void A_pin_holds_a_dependency_and_does_not_make_it_asked_for()
    {
        var generation = Samples.Generation(Samples.Installed(Application), Samples.Installed(Library, isAsked: false, isPinned: true));

        Assert.True(Possible(Proposer(generation).Update([])).IsEmpty);
    }

    [Fact]
    public void A_package_that_is_not_there_cannot_be_removed_or_updated()
    {
        var proposer = Proposer(Samples.Generation(Samples.Installed(Library)));

        Assert.Throws<NotInstalledException>(() => proposer.Remove([PackageName.Parse("nothing")]));
        Assert.Throws<NotInstalledException>(() => proposer.Update([PackageName.Parse("nothing")]));
    }

    [Theory]
    [InlineData("lib", true)]
    [InlineData("lib@1.0", true)]
    [InlineData("lib@2.0", false)]
    [InlineData("app", false)]
    public void What_is_there_and_asked_for_needs_no_look_at_the_remotes(string wanted, bool expected)
    {
        var generation = Samples.Generation(Samples.Installed(Library), Samples.Installed(Application, isAsked: false));

        Assert.Equal(expected, Changes.Proposer.IsFulfilled(generation, [Dependency.Parse(wanted)]));
    }

    static Proposal Possible(ProposalResult result) => Assert.IsType<ProposalResult.Possible>(result).Proposal;

    static Proposer Proposer(Generation generation)
    {
        Package[] packages = [Library, Application, Other];
        return new Proposer(generation, () => Catalogue.Empty, p => packages.Single(known => known.Hash == p.Hash), "/root");
    }
}
