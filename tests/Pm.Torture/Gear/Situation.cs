namespace Pm.Torture.Gear;

/// <summary>What is done around a disturbed run.</summary>
static class Situation
{
    /// <summary>All as prepared, and what the scenario needs before it.</summary>
    public static void Make(Place place, Scenario scenario)
    {
        place.Restore();
        if (scenario.Before is { } lines)
        {
            Place.Require(place.Shell(lines));
        }
    }

    /// <summary>Ends what is left to the next change.</summary>
    public static void Settle(Place place, Scenario scenario)
    {
        if (scenario.IsDetached)
        {
            Place.Require(place.Pm($"recover --root {place.Application}"));
        }
    }

    /// <summary>Frees what nothing needs, so that space which was lost shows.</summary>
    public static void Collect(Place place, Scenario scenario)
    {
        if (scenario.Afterwards is { } lines)
        {
            Place.Require(place.Shell(lines));
        }

        if (scenario.Touches(Area.Store) && scenario.Verb != "gc")
        {
            Place.Require(place.Pm("gc --keep 1 --older-than 0"));
        }
    }
}
