namespace Pm.Resolution.Solving;

/// <summary>Terms that cannot all hold: either a fact says so, or it follows from two others.</summary>
sealed class Incompatibility
{
    Incompatibility(Term[] terms, ConflictFact? fact, Incompatibility? left, Incompatibility? right) =>
        (Terms, Fact, Left, Right) = (terms, fact, left, right);

    /// <summary>One a variable.</summary>
    public Term[] Terms { get; }

    /// <summary>What it says; null when it follows from <see cref="Left"/> and <see cref="Right"/>.</summary>
    public ConflictFact? Fact { get; }

    public Incompatibility? Left { get; }

    public Incompatibility? Right { get; }

    public static Incompatibility Of(ConflictFact fact, params Term[] terms) => new(terms, fact, null, null);

    /// <summary>
    /// What follows from two of them: for the variable that both are about, whatever is among the values of either contradicts what
    /// the other terms of both say together.
    /// </summary>
    /// <param name="left">Has a term of the variable.</param>
    /// <param name="right">Has one, too.</param>
    /// <param name="variable">What is resolved.</param>
    /// <param name="all">Every value of it: a term that leaves all of them says nothing.</param>
    public static Incompatibility Resolve(Incompatibility left, Incompatibility right, int variable, VersionBits all)
    {
        var terms = new List<Term>(left.Terms.Length + right.Terms.Length);
        terms.AddRange(left.Terms);
        foreach (var term in right.Terms)
        {
            var at = terms.FindIndex(known => known.Variable == term.Variable);
            if (at < 0)
            {
                terms.Add(term);
            }
            else if (term.Variable == variable)
            {
                terms[at] = term with { Values = terms[at].Values | term.Values };
            }
            else
            {
                terms[at] = term with { Values = terms[at].Values & term.Values };
            }
        }

        terms.RemoveAll(term => term.Variable == variable && all.IsSubsetOf(term.Values));
        return new Incompatibility([.. terms], null, left, right);
    }
}
