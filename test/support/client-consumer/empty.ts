// A program without the package: what its platform's declarations alone cost to check.
export {};
